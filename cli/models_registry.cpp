#include "cli/card_reader.hpp"
#include "cli/measures.hpp"
#include "cli/models_verbs.hpp"
#include "cli/text_columns.hpp"
#include "io/json_document.hpp"
#include "models/onnx/metadata.hpp"
#include "models/registry/registered_model.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

namespace {

using models::registered_model;
using rows_of_text = std::vector<std::vector<std::string>>;

struct view_options {
  std::string path;
  std::string format = "table";
};

/// `2026-01-05T13:45:10.123Z` to the minute, as a person reads it.
std::string minute_of(const std::string& time) {
  constexpr std::size_t until_minute = 16;
  auto text = time.substr(0, until_minute);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

std::string number_or_dash(std::uint64_t number) {
  return number == 0 ? "-" : std::to_string(number);
}

struct listed_version {
  models::model_version version;
  std::vector<std::string> aliases;
  std::optional<card_summary> card;
};

struct listed_model {
  std::string name;
  models::model_aliases aliases;
  std::vector<listed_version> versions; ///< the newest first
};

/// What cannot be read is said, and does not hide the rest.
core::result<listed_model> look_at(const registered_model& model, exit_code& ended) {
  auto aliases = model.aliases();
  if (!aliases)
    return tl::unexpected{aliases.error()};
  auto versions = model.versions();
  if (!versions)
    return tl::unexpected{versions.error()};
  listed_model made{model.name(), std::move(*aliases), {}};
  for (auto version = versions->rbegin(); version != versions->rend(); ++version) {
    const auto metadata = models::read_metadata(version->file);
    if (!metadata)
      ended = report(metadata.error(), exit_code::failed);
    listed_version one{*version, {}, metadata ? read_card(*metadata) : std::nullopt};
    for (const auto& [alias, number] : made.aliases)
      if (number == version->number)
        one.aliases.push_back(alias);
    made.versions.push_back(std::move(one));
  }
  return made;
}

void print_table(const std::vector<listed_model>& all) {
  rows_of_text rows{{"model", "version", "aliases", "added", "kind", "rows", "test", "sha256"}};
  for (const auto& model : all) {
    for (const auto& [version, names, card] : model.versions) {
      std::string aliases;
      for (const auto& alias : names)
        aliases += (aliases.empty() ? "" : ", ") + alias;
      const auto measure = card ? card->main_measure() : std::nullopt;
      rows.push_back({model.name, std::to_string(version.number), aliases, minute_of(version.added),
                      card ? card->kind : "", card ? number_or_dash(card->train_rows) : "",
                      measure ? std::string{title_of(measure->first)} + " " + shown(measure->second) : "",
                      version.digest.substr(0, 8)});
      for (auto& cell : rows.back())
        if (cell.empty())
          cell = "-";
    }
    if (model.versions.empty())
      rows.push_back({model.name, "-", "-", "-", "-", "-", "-", "-"});
  }
  print_columns(rows, "");
}

void write(const listed_version& of, io::json_document& out) {
  const auto& [version, aliases, card] = of;
  out.begin_object().member("version", version.number).member("aliases", aliases);
  out.member("sha256", version.digest).member("added", version.added).member("size", version.size);
  if (card) {
    out.member("kind", card->kind).member("target", card->target).member("rows", card->train_rows);
    out.key("test").begin_object();
    for (const auto& [name, value] : card->measures)
      out.member(name, value);
    out.end_object();
  }
  out.end_object();
}

void print_json(const std::vector<listed_model>& all) {
  io::json_document out;
  out.begin_object().key("models").begin_array();
  for (const auto& model : all) {
    out.begin_object().member("name", model.name).key("aliases").begin_object();
    for (const auto& [alias, version] : model.aliases)
      out.member(alias, version);
    out.end_object().key("versions").begin_array();
    for (const auto& version : model.versions)
      write(version, out);
    out.end_array().end_object();
  }
  std::printf("%s", out.end_array().end_object().pretty_text().c_str());
}

/// The models of a registry, or the one whose folder it is.
core::result<std::vector<registered_model>> models_at(const std::string& path) {
  if (!registered_model::is_at(path))
    return models::models_of_registry(path);
  return registered_model::open(path).map(
      [](registered_model&& model) { return std::vector<registered_model>{std::move(model)}; });
}

exit_code list(const view_options& options) {
  const auto all = models_at(options.path);
  if (!all)
    return report(all.error());
  auto ended = exit_code::done;
  std::vector<listed_model> listed;
  for (const auto& model : *all)
    if (auto one = look_at(model, ended))
      listed.push_back(std::move(*one));
    else
      ended = report(one.error(), exit_code::failed);
  if (options.format == "json")
    print_json(listed);
  else if (listed.empty() && ended == exit_code::done)
    std::printf("there is no model in '%s' yet: weir models add\n", options.path.c_str());
  else
    print_table(listed);
  return ended;
}

void print_table(const std::vector<models::log_entry>& entries) {
  rows_of_text rows{{"time", "user", "host", "action", "alias", "from", "to", "version", "sha256", "note"}};
  for (const auto& entry : entries) {
    const bool is_of_alias = !entry.alias.empty();
    rows.push_back({entry.time.substr(0, entry.time.find('.')), entry.user, entry.host,
                    std::string{name_of(entry.action)}, is_of_alias ? entry.alias : "-", number_or_dash(entry.from),
                    number_or_dash(entry.to), number_or_dash(entry.version),
                    entry.digest.empty() ? "-" : entry.digest.substr(0, 8), entry.note});
  }
  print_columns(rows, "");
}

void print_json(const std::vector<models::log_entry>& entries) {
  io::json_document out;
  out.begin_array();
  for (const auto& entry : entries) {
    const auto line = models::line_of(entry);
    out.raw(line.substr(0, line.size() - 1));
  }
  std::printf("%s", out.end_array().pretty_text().c_str());
}

exit_code show_log(const view_options& options) {
  const auto model = registered_model::open(options.path);
  if (!model)
    return report(model.error());
  const auto entries = model->log();
  if (!entries)
    return report(entries.error());
  if (options.format == "json")
    print_json(*entries);
  else
    print_table(*entries);
  return exit_code::done;
}

} // namespace

void declare_registry_views(arguments& verb) {
  const auto listed = std::make_shared<view_options>();
  listed->path = ".";
  auto lists = verb.verb("list", "the models of a registry: versions, aliases, how good they are");
  lists.option("REGISTRY", &listed->path, "Folder with a folder for each model; default: the working one");
  lists.option("-o,--output", &listed->format, "table or json").one_of({"table", "json"}).with_default();
  lists.run([listed] { return list(*listed); });

  const auto logged = std::make_shared<view_options>();
  auto logs = verb.verb("log", "the audit log of a model: who changed what, when and why");
  logs.option("MODEL", &logged->path, "REGISTRY/NAME").required();
  logs.option("-o,--output", &logged->format, "table or json").one_of({"table", "json"}).with_default();
  logs.run([logged] { return show_log(*logged); });
}

} // namespace weir::cli
