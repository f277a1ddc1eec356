#include "models/registry/model_reference.hpp"

#include "core/base/nearest_name.hpp"
#include "models/file_bytes.hpp"
#include "models/file_digest.hpp"
#include "models/registry/names.hpp"
#include "models/registry/registered_model.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace weir::models {

namespace {

namespace fs = std::filesystem;

/// `say 'models/risk@champion' (version 2), 'models/risk@latest' (version 3), 'models/risk@3', 'models/risk@2'`
std::string what_may_be_said(const std::string& path, const model_aliases& aliases,
                             const std::vector<model_version>& versions) {
  constexpr std::size_t newest = 3;
  if (versions.empty())
    return "it has no version yet: weir models add";
  const auto said = [&](std::string_view selector) { return "'" + path + "@" + std::string{selector} + "'"; };
  std::string text = "say ";
  for (const auto& [alias, version] : aliases)
    text += said(alias) + " (version " + std::to_string(version) + "), ";
  text += said(latest) + " (version " + std::to_string(versions.back().number) + ")";
  for (std::size_t i = 0; i < std::min(newest, versions.size()); ++i)
    text += ", " + said(std::to_string(versions[versions.size() - 1 - i].number));
  return text;
}

core::result<resolved_model> choose(const registered_model& from, const std::string& selector) {
  const auto aliases = from.aliases();
  const auto versions = aliases ? from.versions() : tl::unexpected{aliases.error()};
  if (!versions)
    return tl::unexpected{versions.error()};
  const auto remedy = what_may_be_said(from.path(), *aliases, *versions);
  if (selector.empty())
    return core::fail("'" + from.path() + "' is a model of a registry: which version of it?", {}, remedy);
  auto wanted = read_version(selector);
  const bool is_alias = !wanted;
  if (selector == latest && !versions->empty())
    wanted = versions->back().number;
  if (const auto at = aliases->find(selector); is_alias && at != aliases->end())
    wanted = at->second;
  if (!wanted) {
    std::vector<std::string> names;
    for (const auto& [alias, version] : *aliases)
      names.push_back(alias);
    const auto meant = core::did_you_mean(selector, names);
    return core::fail("the model '" + from.name() + "' has no alias '" + selector + "'", {},
                      meant.empty() ? remedy : meant + " " + remedy);
  }
  const auto found =
      std::find_if(versions->begin(), versions->end(), [&](const model_version& one) { return one.number == *wanted; });
  if (found == versions->end())
    return core::fail("the model '" + from.name() + "' has no version " + std::to_string(*wanted)
                          + (is_alias ? ", which '" + selector + "' names" : ""),
                      {}, remedy);
  return resolved_model{found->file, from.name(), found->number, is_alias ? selector : "", found->digest};
}

} // namespace

model_reference parse_reference(std::string_view path) {
  const auto at = path.rfind('@');
  const auto last_part = path.rfind('/');
  const bool has_selector = at != std::string_view::npos && (last_part == std::string_view::npos || at > last_part);
  if (!has_selector)
    return {std::string{path}, {}};
  return {std::string{path.substr(0, at)}, std::string{path.substr(at + 1)}};
}

std::string resolved_model::version_text(std::string_view as, std::string_view of_bytes) const {
  auto text = as.empty() ? name : std::string{as};
  if (version != 0)
    text += "/" + std::to_string(version);
  return text + "@" + std::string{of_bytes.substr(0, 8)};
}

core::result<resolved_model> resolve_model(const std::string& path) {
  std::error_code problem;
  const auto type = fs::status(path, problem).type();
  const bool is_file =
      type != fs::file_type::not_found && type != fs::file_type::none && type != fs::file_type::directory;
  const auto reference = parse_reference(path);
  if (!is_file && registered_model::is_at(reference.folder))
    return registered_model::open(reference.folder).and_then([&](const registered_model& model) {
      return choose(model, reference.selector);
    });
  if (type == fs::file_type::not_found && !reference.selector.empty())
    return core::cannot_reach("there is neither a file '" + path + "' nor a model '" + reference.folder + "'", {},
                              "check the path; a model of a registry is a folder: REGISTRY/NAME@ALIAS");
  return resolved_model{path, fs::path{path}.stem().string(), 0, {}, {}};
}

bool is_model_at(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) || registered_model::is_at(parse_reference(path).folder);
}

core::result<model_file> read_model_file(const resolved_model& from) {
  auto bytes = read_file(from.file);
  if (!bytes)
    return tl::unexpected{bytes.error()};
  model_file made{std::move(*bytes), {}};
  made.digest = digest(made.bytes);
  if (!from.digest.empty() && from.digest != made.digest)
    return core::fail("'" + from.file + "' is not the file that was added as version " + std::to_string(from.version),
                      {}, "its audit log has the SHA-256 " + from.digest + "; add the model again");
  return made;
}

} // namespace weir::models
