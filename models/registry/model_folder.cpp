#include "models/registry/model_folder.hpp"

#include "core/format/json_text.hpp"
#include "models/registry/durable_files.hpp"
#include "models/registry/names.hpp"

#include <algorithm>
#include <filesystem>

#include <simdjson.h>

namespace weir::models {

namespace {

namespace fs = std::filesystem;

const log_entry* entry_of(std::uint64_t version, const std::vector<log_entry>& entries) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const log_entry& one) { return one.alias.empty() && one.version == version; });
  return found == entries.end() ? nullptr : &*found;
}

} // namespace

core::result<std::vector<model_version>> versions_in(const std::string& folder, const std::vector<log_entry>& entries) {
  const auto names = names_in(folder);
  if (!names)
    return tl::unexpected{names.error()};
  std::vector<model_version> made;
  for (const auto& name : *names) {
    const auto number = version_of_file(name);
    const auto path = fs::path{folder} / name;
    std::error_code is_gone;
    if (!number || fs::symlink_status(path, is_gone).type() != fs::file_type::regular)
      continue;
    made.push_back({*number, path.string(), fs::file_size(path, is_gone)});
    if (const auto* said = entry_of(*number, entries)) {
      made.back().digest = said->digest;
      made.back().added = said->time;
    }
  }
  std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return made;
}

std::uint64_t largest_number_in(const std::string& folder) {
  std::uint64_t largest = 0;
  for (const auto& name : names_in(folder).value_or(std::vector<std::string>{}))
    largest = std::max(largest, version_of_file(name).value_or(0));
  return largest;
}

core::result<model_aliases> aliases_in(const std::string& folder) {
  const auto path = folder + "/" + aliases_file;
  const auto text = read_if_there(path);
  if (!text)
    return tl::unexpected{text.error()};
  model_aliases made;
  if (!*text)
    return made;
  const auto wrong = core::fail("this is no object of aliases with their versions", path, "as {\"champion\": 2}");
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(**text).get(fields) != simdjson::SUCCESS)
    return wrong;
  for (const auto field : fields) {
    std::uint64_t version = 0;
    if (field.value.get(version) != simdjson::SUCCESS || version == 0)
      return wrong;
    if (auto good = check_alias(field.key); !good) {
      good.error().where = path;
      return tl::unexpected{good.error()};
    }
    made.insert_or_assign(std::string{field.key}, version);
  }
  return made;
}

std::string text_of(const model_aliases& aliases) {
  std::string text = "{";
  for (const auto& [alias, version] : aliases)
    text += (text.size() > 1 ? ", " : "") + core::json_quoted(alias) + ": " + std::to_string(version);
  return text + "}\n";
}

core::result<audit_log> log_in(const std::string& folder) {
  const auto path = folder + "/" + log_file;
  const auto text = read_if_there(path);
  if (!text)
    return tl::unexpected{text.error()};
  return read_log(text->value_or(""), path);
}

} // namespace weir::models
