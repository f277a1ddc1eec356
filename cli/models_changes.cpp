#include "cli/models_verbs.hpp"
#include "cli/registration.hpp"
#include "models/registry/model_reference.hpp"
#include "models/registry/names.hpp"
#include "models/registry/registered_model.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace weir::cli {

namespace {

using models::registered_model;

struct change_options {
  std::string model; ///< REGISTRY/NAME, or a reference
  std::string file;
  std::string alias;
  std::string note;
};

/// `risk: champion 1 -> 2`
void print(const registered_model& model, const std::string& alias, const models::alias_change& change) {
  const auto said = [](std::uint64_t version) { return version == 0 ? std::string{"none"} : std::to_string(version); };
  if (change.from == change.to)
    std::printf("%s: %s is %s already\n", model.name().c_str(), alias.c_str(), said(change.to).c_str());
  else
    std::printf("%s: %s %s -> %s\n", model.name().c_str(), alias.c_str(), said(change.from).c_str(),
                said(change.to).c_str());
}

core::result<void> add(const change_options& options) {
  const auto from = models::resolve_model(options.file);
  if (!from)
    return tl::unexpected{from.error()};
  const auto file = models::read_model_file(*from);
  if (!file)
    return tl::unexpected{file.error()};
  const registration to{options.model, options.alias, options.note};
  auto added = add_to_registry(file->bytes, to);
  if (!added) {
    if (added.error().where.empty() && !added.error().is_unreachable)
      added.error().where = options.file;
    return tl::unexpected{added.error()};
  }
  std::printf("%s%s\n", added->version.c_str(), added->is_new ? "" : ", which is there already");
  if (added->alias)
    print(*registered_model::open(options.model), options.alias, *added->alias);
  return {};
}

core::result<void> promote(const change_options& options) {
  const auto reference = models::parse_reference(options.model);
  if (reference.selector.empty() && !registered_model::is_at(reference.folder))
    return core::fail("'" + options.model + "' names no version of a model", {}, "as in REGISTRY/NAME@3");
  auto model = registered_model::open(reference.folder);
  if (!model)
    return tl::unexpected{model.error()};
  const auto version = models::resolve_model(options.model);
  if (!version)
    return tl::unexpected{version.error()};
  if (version->version == 0)
    return core::fail("'" + options.model + "' is a file, not a version of a registry's model");
  const auto changed = model->promote(options.alias, version->version, models::reason_of_this_process(options.note));
  if (!changed)
    return tl::unexpected{changed.error()};
  print(*model, options.alias, *changed);
  return {};
}

using alias_verb = core::result<models::alias_change> (registered_model::*)(const std::string&,
                                                                            const models::change_reason&);

core::result<void> change_alias(const change_options& options, alias_verb does) {
  auto model = registered_model::open(options.model);
  if (!model)
    return tl::unexpected{model.error()};
  const auto changed = ((*model).*does)(options.alias, models::reason_of_this_process(options.note));
  if (!changed)
    return tl::unexpected{changed.error()};
  print(*model, options.alias, *changed);
  return {};
}

exit_code ended(const core::result<void>& good) {
  return good ? exit_code::done : report(good.error());
}

std::shared_ptr<change_options> with_alias(std::string alias) {
  auto made = std::make_shared<change_options>();
  made->alias = std::move(alias);
  return made;
}

void add_note(arguments& verb, change_options& into) {
  verb.option("--note", &into.note, "Why, for the audit log");
}

} // namespace

void declare_registry_changes(arguments& verb) {
  const auto added = with_alias({});
  auto adds = verb.verb("add", "add a file to a model of a registry, as its next version");
  adds.option("MODEL", &added->model, "REGISTRY/NAME; folders that are not there are made").required();
  adds.option("FILE", &added->file, "ONNX file, or REGISTRY/NAME@ALIAS").required();
  adds.option("--alias", &added->alias, "Alias that this version gets: champion");
  add_note(adds, *added);
  adds.run([added] { return ended(add(*added)); });

  const auto promoted = with_alias("champion");
  auto promotes = verb.verb("promote", "set an alias to a version");
  promotes.option("VERSION", &promoted->model, "REGISTRY/NAME@3, @latest, @challenger").required();
  promotes.option("--alias", &promoted->alias, "Alias to set").with_default();
  add_note(promotes, *promoted);
  promotes.run([promoted] { return ended(promote(*promoted)); });

  const auto back = with_alias("champion");
  auto rolls_back = verb.verb("rollback", "set an alias to the version that it had before");
  rolls_back.option("MODEL", &back->model, "REGISTRY/NAME").required();
  rolls_back.option("--alias", &back->alias, "Alias to set back").with_default();
  add_note(rolls_back, *back);
  rolls_back.run([back] { return ended(change_alias(*back, &registered_model::roll_back)); });

  const auto removed = with_alias({});
  auto removes = verb.verb("unalias", "take an alias away; the versions stay");
  removes.option("MODEL", &removed->model, "REGISTRY/NAME").required();
  removes.option("--alias", &removed->alias, "Alias to take away").required();
  add_note(removes, *removed);
  removes.run([removed] { return ended(change_alias(*removed, &registered_model::remove)); });
}

} // namespace weir::cli
