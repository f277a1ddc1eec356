#include "cli/registration.hpp"

#include "models/file_digest.hpp"
#include "models/registry/model_reference.hpp"
#include "models/registry/names.hpp"

namespace weir::cli {

core::result<void> check(const registration& to) {
  return models::model_name_of(to.model).and_then([&](const std::string&) -> core::result<void> {
    return to.alias.empty() ? core::result<void>{} : models::check_alias(to.alias);
  });
}

core::result<registered_version> add_to_registry(std::string_view bytes, const registration& to) {
  // Before anything is there: a mistake must not leave a version without its alias.
  if (auto good = check(to); !good)
    return tl::unexpected{good.error()};
  auto model = models::registered_model::open_or_new(to.model);
  if (!model)
    return tl::unexpected{model.error()};
  const auto why = models::reason_of_this_process(to.note);
  const auto added = model->add(bytes, why);
  if (!added)
    return tl::unexpected{added.error()};
  const models::resolved_model version{{}, model->name(), added->number, {}, {}};
  registered_version made{version.version_text({}, models::digest(bytes)), added->is_new, {}};
  if (to.alias.empty())
    return made;
  const auto changed = model->promote(to.alias, added->number, why);
  if (!changed)
    return tl::unexpected{changed.error()};
  made.alias = *changed;
  return made;
}

} // namespace weir::cli
