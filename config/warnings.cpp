#include "config/warnings.hpp"

#include "config/kind.hpp"
#include "config/parse.hpp"

#include <algorithm>
#include <array>

namespace weir::config {

namespace {

constexpr std::array<std::string_view, 3> windows_that_make_records{"tumbling", "hopping", "session"};

/// The field that the schema calls the key; empty: none.
std::string key_of(const pipeline& of) {
  const auto key = std::find_if(of.schema.begin(), of.schema.end(), [](const auto& field) { return field.key; });
  return key != of.schema.end() ? key->name : std::string{};
}

/// The columns by which a step keeps its state.
std::vector<std::string> columns_by(const step& of) {
  std::vector<std::string> names;
  for (const auto& [name, shown] : of.show())
    if (const auto* list = name == "by" ? std::get_if<value::list>(&shown.data) : nullptr)
      for (const auto& one : *list)
        names.push_back(std::get<std::string>(one.data));
  if (auto by = of.text_of("by"); !by.empty())
    names.push_back(std::move(by));
  return names;
}

/// Of state in the partitions of a topic.
std::string doubt_of_key(const step& of, const std::string& key) {
  const auto all = columns_by(of);
  if (all.empty() || std::ranges::find(all, key) != all.end())
    return {};
  std::string by;
  for (const auto& name : all)
    by += (by.empty() ? "" : ", ") + name;
  const auto is = key.empty() ? "no field of the schema is 'key: true'" : "records are keyed by '" + key + "'";
  return "by '" + by + "', but " + is + ": each partition has values of its own for the same '" + by
         + "', unless the topic is keyed by it; say so with 'key: true' in the schema";
}

bool makes_records(const step& of) {
  return std::ranges::any_of(windows_that_make_records, [&](auto kind) { return of.kind().name == kind; });
}

/// A record of a file has the time at which it was read.
std::string doubt_of_time(const step& of) {
  std::vector<std::string_view> fields{"over", "within"};
  fields.insert(fields.end(), windows_that_make_records.begin(), windows_that_make_records.end());
  for (const auto field : fields)
    if (const auto length = of.text_of(field); !length.empty() && of.text_of("time").empty())
      return "'" + std::string{field} + ": " + length + "' without 'time' is over what was read of the file within "
             + length + ": name the column that has the records' time with 'time'";
  return {};
}

/// A field that no schema names goes through and may be dropped, but a name that is nearly that of one is misspelt.
std::vector<diagnostic> doubts_of_dropped(const pipeline& of) {
  std::vector<std::string> names;
  for (const auto& field : of.schema)
    names.push_back(field.name);
  std::vector<diagnostic> out;
  for (const auto& name : dropped_fields(of)) {
    const bool is_known = std::find(names.begin(), names.end(), name.text) != names.end();
    const auto guess = is_known || name.hidden ? std::string{} : did_you_mean(name.text, names);
    if (!guess.empty())
      out.push_back({of.file, name.at, "no field of the schema is called '" + name.text + "'" + guess, true});
  }
  return out;
}

} // namespace

std::vector<diagnostic> warnings(const pipeline& of) {
  auto out = doubts_of_dropped(of);
  const bool is_topic = of.source.from && of.source.from->is_shared();
  const auto key = key_of(of);
  for (const auto& step : of.steps) {
    if (auto doubt = is_topic ? doubt_of_key(*step, key) : doubt_of_time(*step); !doubt.empty())
      out.push_back({of.file, step->at(), std::move(doubt), true});
    if (makes_records(*step))
      break; // their key and their time are its own
  }
  return out;
}

} // namespace weir::config
