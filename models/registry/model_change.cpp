#include "models/registry/model_change.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/utf8.hpp"
#include "core/base/wall_clock.hpp"
#include "models/file_digest.hpp"
#include "models/registry/names.hpp"

#include <algorithm>
#include <set>

namespace weir::models {

namespace {

std::string time_of_now() {
  char text[core::timestamp_text_size];
  return {text, core::format_timestamp(core::now_ms(), text)};
}

} // namespace

core::result<model_change> model_change::begin(const std::string& folder, const change_reason& why,
                                               const step_hook& hook) {
  auto lock = folder_lock::take(folder);
  if (!lock)
    return tl::unexpected{lock.error()};
  remove_unfinished(folder);
  model_change made{folder, why, hook, std::move(*lock)};
  const auto good =
      made.read().and_then([&] { return made.undo_last(); }).and_then([&] { return made.find_changes(); });
  if (!good)
    return tl::unexpected{good.error()};
  return made;
}

std::uint64_t model_change::version_of(std::string_view alias) const {
  const auto at = aliases_.find(alias);
  return at == aliases_.end() ? 0 : at->second;
}

core::result<std::uint64_t> model_change::add(std::string_view bytes, std::string digest) {
  auto number = largest_number_in(folder_);
  for (const auto& entry : log_.entries) // a number is never given again, whatever became of its file
    number = std::max(number, entry.version);
  ++number;
  const auto name = file_of_version(number);
  log_entry line{.action = log_action::added, .version = number, .digest = std::move(digest), .note = why_.note};
  if (auto good = write(std::move(line)); !good)
    return tl::unexpected{good.error()};
  const auto is_made = create_file(folder_, name, bytes, hook_);
  if (!is_made)
    return tl::unexpected{is_made.error()};
  if (!*is_made)
    return core::fail("somebody who does not hold the lock has made '" + folder_ + "/" + name + "'", {}, "try again");
  return number;
}

core::result<void> model_change::set(const std::string& alias, std::uint64_t to, log_action action) {
  const auto from = version_of(alias);
  const auto written = write({.action = action,
                              .version = to,
                              .digest = digest_of(to),
                              .alias = alias,
                              .from = from,
                              .to = to,
                              .note = why_.note});
  if (!written)
    return written;
  auto changed = aliases_;
  if (to == 0)
    changed.erase(alias);
  else
    changed.insert_or_assign(alias, to);
  auto good = replace_file(folder_, aliases_file, text_of(changed), hook_);
  if (good)
    aliases_ = std::move(changed);
  return good;
}

core::result<void> model_change::read() {
  auto log = log_in(folder_);
  if (!log)
    return tl::unexpected{log.error()};
  log_ = std::move(*log);
  entries_ = without_undone(log_.entries);
  auto aliases = aliases_in(folder_);
  if (!aliases)
    return tl::unexpected{aliases.error()};
  aliases_ = std::move(*aliases);
  auto versions = versions_in(folder_, entries_);
  if (!versions)
    return tl::unexpected{versions.error()};
  versions_ = std::move(*versions);
  return {};
}

/// Every change is compared before the next one is written: none but the last can lack its rename.
core::result<void> model_change::undo_last() {
  if (log_.entries.empty())
    return {};
  const auto last = log_.entries.back();
  bool is_undone = false;
  if (last.action == log_action::added)
    is_undone = std::none_of(versions_.begin(), versions_.end(),
                             [&](const model_version& one) { return one.number == last.version; });
  else if (last.action != log_action::undone && last.action != log_action::found)
    is_undone = version_of(last.alias) == last.from;
  if (!is_undone)
    return {};
  return write({.action = log_action::undone,
                .version = last.alias.empty() ? last.version : last.from,
                .alias = last.alias,
                .from = last.to,
                .to = last.from,
                .note = "the change before did not come to its end"});
}

core::result<void> model_change::find_changes() {
  for (auto& version : versions_) {
    if (!version.digest.empty())
      continue;
    const auto bytes = read_if_there(version.file);
    if (!bytes)
      return tl::unexpected{bytes.error()};
    version.digest = digest(bytes->value_or(""));
    if (auto good = write({.action = log_action::found, .version = version.number, .digest = version.digest}); !good)
      return good;
  }
  std::set<std::string> names;
  for (const auto& [alias, version] : aliases_)
    names.insert(alias);
  for (const auto& entry : entries_)
    if (!entry.alias.empty())
      names.insert(entry.alias);
  for (const auto& alias : names) {
    const auto said = history_of(alias, entries_).back();
    const auto is = version_of(alias);
    if (said == is)
      continue;
    auto good = write(
        {.action = log_action::found, .version = is, .digest = digest_of(is), .alias = alias, .from = said, .to = is});
    if (!good)
      return good;
  }
  return {};
}

core::result<void> model_change::write(log_entry entry) {
  entry.time = time_of_now();
  entry.user = core::to_utf8(why_.user);
  entry.host = core::to_utf8(why_.host);
  entry.note = core::to_utf8(entry.note);
  const auto line = (log_.ends_without_line ? "\n" : "") + line_of(entry);
  if (auto good = append_at(folder_ + "/" + log_file, log_.whole_bytes, line, hook_); !good)
    return good;
  log_.whole_bytes += line.size();
  log_.ends_without_line = false;
  log_.entries.push_back(std::move(entry));
  entries_ = without_undone(log_.entries);
  return {};
}

std::string model_change::digest_of(std::uint64_t version) const {
  const auto found =
      std::find_if(versions_.begin(), versions_.end(), [&](const model_version& one) { return one.number == version; });
  return found == versions_.end() ? std::string{} : found->digest;
}

} // namespace weir::models
