#include "models/registry/audit_log.hpp"

#include "core/format/json_text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include <simdjson.h>

namespace weir::models {

namespace {

constexpr std::array<std::string_view, 6> action_names{"added",   "promoted", "rolled_back",
                                                       "removed", "found",    "undone"};

using json = simdjson::dom::element;

std::string text_of(const json& from, std::string_view field) {
  std::string_view text;
  return from[field].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

/// 0 where there is none.
std::uint64_t number_of(const json& from, std::string_view field) {
  std::uint64_t number = 0;
  return from[field].get(number) == simdjson::SUCCESS ? number : 0;
}

std::optional<log_entry> read_entry(simdjson::dom::parser& parser, std::string_view line) {
  json from;
  if (parser.parse(line.data(), line.size()).get(from) != simdjson::SUCCESS || !from.is_object())
    return std::nullopt;
  const auto action = std::find(action_names.begin(), action_names.end(), text_of(from, "action"));
  if (action == action_names.end())
    return std::nullopt;
  return log_entry{text_of(from, "time"),      text_of(from, "user"),
                   text_of(from, "host"),      static_cast<log_action>(action - action_names.begin()),
                   number_of(from, "version"), text_of(from, "digest"),
                   text_of(from, "alias"),     number_of(from, "from"),
                   number_of(from, "to"),      text_of(from, "note")};
}

std::string version_or_null(std::uint64_t version) {
  return version == 0 ? "null" : std::to_string(version);
}

/// Whether both change the same thing: one alias, or one version.
bool is_of_same(const log_entry& a, const log_entry& b) {
  return a.alias == b.alias && (!a.alias.empty() || a.version == b.version);
}

} // namespace

std::string_view name_of(log_action action) noexcept {
  return action_names[static_cast<std::size_t>(action)];
}

std::string line_of(const log_entry& entry) {
  std::string out = "{\"time\":" + core::json_quoted(entry.time) + ",\"user\":" + core::json_quoted(entry.user)
                    + ",\"host\":" + core::json_quoted(entry.host) + ",\"action\":\""
                    + std::string{name_of(entry.action)} + "\"";
  if (!entry.alias.empty())
    out += ",\"alias\":" + core::json_quoted(entry.alias) + ",\"from\":" + version_or_null(entry.from)
           + ",\"to\":" + version_or_null(entry.to);
  if (entry.version != 0)
    out += ",\"version\":" + std::to_string(entry.version);
  if (!entry.digest.empty())
    out += ",\"digest\":" + core::json_quoted(entry.digest);
  if (!entry.note.empty())
    out += ",\"note\":" + core::json_quoted(entry.note);
  return out + "}\n";
}

core::result<audit_log> read_log(std::string_view text, const std::string& path) {
  audit_log made;
  simdjson::dom::parser parser;
  for (std::size_t line = 1; made.whole_bytes < text.size(); ++line) {
    const auto rest = text.substr(made.whole_bytes);
    const auto end = rest.find('\n');
    auto entry = read_entry(parser, rest.substr(0, end));
    const bool is_last = end == std::string_view::npos;
    if (is_last && !entry)
      break;
    if (!entry)
      return core::fail("this is no line of an audit log", path + ":" + std::to_string(line),
                        "repair the line, or remove it");
    made.entries.push_back(*std::move(entry));
    made.whole_bytes += is_last ? rest.size() : end + 1;
    made.ends_without_line = is_last;
  }
  return made;
}

std::vector<log_entry> without_undone(const std::vector<log_entry>& entries) {
  std::vector<log_entry> made;
  for (const auto& entry : entries) {
    if (entry.action != log_action::undone) {
      made.push_back(entry);
      continue;
    }
    const auto undone =
        std::find_if(made.rbegin(), made.rend(), [&](const auto& one) { return is_of_same(one, entry); });
    if (undone != made.rend())
      made.erase(std::next(undone).base());
  }
  return made;
}

std::vector<std::uint64_t> history_of(std::string_view alias, const std::vector<log_entry>& entries) {
  std::vector<std::uint64_t> made{0};
  for (const auto& entry : entries) {
    if (entry.alias != alias)
      continue;
    const auto before = std::find(made.rbegin() + 1, made.rend(), entry.to);
    if (entry.action == log_action::rolled_back && before != made.rend())
      made.erase(before.base(), made.end());
    else
      made.push_back(entry.to);
  }
  return made;
}

} // namespace weir::models
