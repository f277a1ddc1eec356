#include "models/registry/registered_model.hpp"

#include "models/file_digest.hpp"
#include "models/onnx/reader.hpp"
#include "models/registry/names.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <unistd.h>

namespace weir::models {

namespace {

namespace fs = std::filesystem;
using core::fail;

fs::file_type type_of(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type();
}

/// `risk/` is the folder `risk`, whose name is that.
std::string without_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path;
}

std::string listed(const std::vector<model_version>& versions) {
  constexpr std::size_t newest = 5;
  if (versions.empty())
    return "it has none yet: weir models add";
  std::string text = "the newest are";
  for (std::size_t i = 0; i < std::min(newest, versions.size()); ++i)
    text += (i > 0 ? ", " : " ") + std::to_string(versions[versions.size() - 1 - i].number);
  return text;
}

core::result<void> check_version(std::uint64_t version, const std::string& of, const model_change& in) {
  const auto& all = in.versions();
  if (std::any_of(all.begin(), all.end(), [&](const model_version& one) { return one.number == version; }))
    return {};
  return fail("the model '" + of + "' has no version " + std::to_string(version), {}, listed(all));
}

} // namespace

change_reason reason_of_this_process(std::string note) {
  std::string user;
  for (const auto* variable : {"USER", "LOGNAME"})
    if (const auto* value = std::getenv(variable); user.empty() && value != nullptr)
      user = value;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0)
    host = {};
  return {user.empty() ? "uid " + std::to_string(::getuid()) : user, host.data(), std::move(note)};
}

core::result<registered_model> registered_model::open(const std::string& path, step_hook hook) {
  const auto folder = without_slashes(path);
  auto name = model_name_of(folder);
  if (!name)
    return tl::unexpected{name.error()};
  if (type_of(folder) == fs::file_type::symlink)
    return fail("'" + folder + "' is a symbolic link", {}, "name the folder itself");
  if (!is_at(folder))
    return core::cannot_reach("there is no model '" + folder + "'", {}, "weir models list shows those of a registry");
  return registered_model{folder, std::move(*name), std::move(hook)};
}

core::result<registered_model> registered_model::open_or_new(const std::string& path, step_hook hook) {
  const auto folder = without_slashes(path);
  auto name = model_name_of(folder);
  if (!name)
    return tl::unexpected{name.error()};
  if (const auto type = type_of(folder); type != fs::file_type::not_found && type != fs::file_type::directory)
    return fail("'" + folder + "' is no folder", {}, "a model of a registry is one: REGISTRY/NAME");
  if (const auto inside = models_of_registry(folder); inside && !inside->empty() && !is_at(folder))
    return fail("'" + folder + "' is a registry, not a model of one", {}, "name the model too: REGISTRY/NAME");
  return registered_model{folder, std::move(*name), std::move(hook)};
}

bool registered_model::is_at(const std::string& path) {
  const auto folder = without_slashes(path);
  if (type_of(folder) != fs::file_type::directory)
    return false;
  const auto is_file = [&](const char* name) { return type_of(fs::path{folder} / name) == fs::file_type::regular; };
  return is_file(log_file) || is_file(aliases_file) || largest_number_in(folder) > 0;
}

core::result<std::vector<model_version>> registered_model::versions() const {
  return log_in(path_).and_then([&](const audit_log& log) { return versions_in(path_, without_undone(log.entries)); });
}

core::result<model_aliases> registered_model::aliases() const {
  return aliases_in(path_);
}

core::result<std::vector<log_entry>> registered_model::log() const {
  return log_in(path_).map([](audit_log&& log) { return std::move(log.entries); });
}

core::result<registered_model::added_version> registered_model::add(std::string_view bytes, const change_reason& why) {
  if (const auto good = read_onnx(bytes); !good)
    return tl::unexpected{good.error()};
  if (auto good = create_folders(path_); !good)
    return tl::unexpected{good.error()};
  auto change = model_change::begin(path_, why, hook_);
  if (!change)
    return tl::unexpected{change.error()};
  auto digest = models::digest(bytes);
  for (const auto& version : change->versions())
    if (version.digest == digest)
      return added_version{version.number, false};
  return change->add(bytes, std::move(digest)).map([](std::uint64_t number) { return added_version{number, true}; });
}

core::result<alias_change> registered_model::promote(const std::string& alias, std::uint64_t version,
                                                     const change_reason& why) {
  if (auto good = check_alias(alias); !good)
    return tl::unexpected{good.error()};
  auto change = model_change::begin(path_, why, hook_);
  if (!change)
    return tl::unexpected{change.error()};
  if (auto good = check_version(version, name_, *change); !good)
    return tl::unexpected{good.error()};
  const alias_change made{change->version_of(alias), version};
  if (made.from == made.to)
    return made;
  return change->set(alias, version, log_action::promoted).map([&] { return made; });
}

core::result<alias_change> registered_model::remove(const std::string& alias, const change_reason& why) {
  auto change = model_change::begin(path_, why, hook_);
  if (!change)
    return tl::unexpected{change.error()};
  const alias_change made{change->version_of(alias), 0};
  if (made.from == 0)
    return fail("the model '" + name_ + "' has no alias '" + alias + "'");
  return change->set(alias, 0, log_action::removed).map([&] { return made; });
}

core::result<alias_change> registered_model::roll_back(const std::string& alias, const change_reason& why) {
  auto change = model_change::begin(path_, why, hook_);
  if (!change)
    return tl::unexpected{change.error()};
  const auto history = history_of(alias, change->entries());
  if (history.size() == 1)
    return fail("the model '" + name_ + "' has never had an alias '" + alias + "'");
  const auto before = std::find_if(history.rbegin() + 1, history.rend(), [](std::uint64_t one) { return one != 0; });
  if (before == history.rend())
    return fail("'" + alias + "' of the model '" + name_ + "' had no version before " + std::to_string(history.back()),
                {}, "weir models log shows what it had");
  if (auto good = check_version(*before, name_, *change); !good)
    return tl::unexpected{good.error()};
  const alias_change made{change->version_of(alias), *before};
  return change->set(alias, *before, log_action::rolled_back).map([&] { return made; });
}

core::result<std::vector<registered_model>> models_of_registry(const std::string& path) {
  const auto names = names_in(path);
  if (!names)
    return core::cannot_reach(names.error().what, {}, "a registry is a folder with a folder for each model");
  std::vector<registered_model> made;
  for (const auto& name : *names)
    if (const auto folder = fs::path{path} / name; registered_model::is_at(folder.string()))
      if (auto model = registered_model::open(folder.string()))
        made.push_back(std::move(*model));
  std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.name() < b.name(); });
  return made;
}

} // namespace weir::models
