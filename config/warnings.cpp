#include "config/warnings.hpp"

#include "config/kind.hpp"

#include <algorithm>

namespace weir::config {

namespace {

/// The field that the schema calls the key; empty: none.
std::string key_of(const pipeline& of) {
  const auto key = std::find_if(of.schema.begin(), of.schema.end(), [](const auto& field) { return field.key; });
  return key != of.schema.end() ? key->name : std::string{};
}

/// The column by which a step keeps state; empty: none.
std::string by_of(const step& of) {
  for (const auto& [name, shown] : of.show())
    if (const auto* text = std::get_if<std::string>(&shown.data); text != nullptr && name == "by")
      return *text;
  return {};
}

} // namespace

std::vector<diagnostic> warnings(const pipeline& of) {
  std::vector<diagnostic> out;
  if (!of.source.from || !of.source.from->is_shared())
    return out;
  const auto key = key_of(of);
  const auto look = [&](const std::string& by, position at) {
    if (by.empty() || by == key)
      return;
    const auto is = key.empty() ? "no field of the schema is 'key: true'" : "records are keyed by '" + key + "'";
    out.push_back({of.file, at,
                   "by '" + by + "', but " + is + ": each partition has values of its own for the same '" + by
                       + "', unless the topic is keyed by it; say so with 'key: true' in the schema",
                   true});
  };
  for (const auto* steps : {&of.aggregate, &of.detect})
    for (const auto& step : *steps)
      look(by_of(*step), step->at());
  return out;
}

} // namespace weir::config
