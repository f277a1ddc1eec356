#include "config/model_wish.hpp"

#include "config/diagnostic.hpp"
#include "config/model_beside.hpp"
#include "config/units.hpp"
#include "core/base/random_id.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace weir::config {

namespace {

using core::chosen_model;
using core::model_role;
using models::model_slot;

/// What of a slot can be set.
enum class part : std::uint8_t { model, challenger, canary };
constexpr std::array parts{std::pair{part::model, "model"}, std::pair{part::challenger, "challenger"},
                           std::pair{part::canary, "canary"}};

struct setting {
  const model_slot* slot;
  const models::contest* of_file;
  part what;
};

core::result<setting> find_setting(const lane_plan& plan, const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < plan.slots.size(); ++i)
    for (const auto& [what, word] : parts) {
      known.push_back("infer." + plan.slots[i].step() + "." + word);
      if (known.back() == name)
        return setting{&plan.slots[i], plan.models->contests()[i].get(), what};
    }
  if (known.empty())
    return core::fail("there is no setting '" + name + "'", {}, "this pipeline has none that can be changed");
  std::string all;
  for (const auto& one : known)
    all += (all.empty() ? "" : ", ") + one;
  return core::fail("there is no setting '" + name + "'" + did_you_mean(name, known), {}, "there are: " + all);
}

/// What an operator means by a value: an alias or a number of the slot's own model counts where no such file is there.
std::string file_of(const model_slot& slot, const std::string& value, std::string_view beside) {
  auto file = model_beside(value, beside);
  const auto own = models::parse_reference(slot.file);
  if (!models::is_model_at(file) && !own.selector.empty() && value.find('/') == std::string::npos)
    return own.folder + "@" + value;
  return file;
}

/// A version: an alias may mean another tomorrow.
core::result<std::string> fixed_path(const std::string& file) {
  const auto found = models::resolve_model(file);
  if (!found)
    return tl::unexpected{found.error()};
  std::error_code ignored;
  const auto path =
      found->version == 0 ? found->file : models::parse_reference(file).folder + "@" + std::to_string(found->version);
  return std::filesystem::absolute(path, ignored).lexically_normal().string();
}

/// Loads it, and tries whether it fits.
core::result<chosen_model> choose(const model_slot& slot, const std::string& file) {
  const auto path = fixed_path(file);
  if (!path)
    return tl::unexpected{path.error()};
  const auto model = slot.load(*path);
  if (!model)
    return tl::unexpected{model.error()};
  if (const auto fits = slot.fit(*model); !fits)
    return tl::unexpected{fits.error()};
  chosen_model chosen;
  chosen.step = slot.step();
  chosen.path = *path;
  chosen.digest = (*model)->digest();
  chosen.named = slot.named;
  return chosen;
}

core::result<chosen_model> choose_challenger(const model_slot& slot, const std::string& value,
                                             std::string_view beside) {
  chosen_model none;
  none.step = slot.step();
  auto chosen = value == "none" ? core::result<chosen_model>{none} : choose(slot, file_of(slot, value, beside));
  if (!chosen)
    return chosen;
  chosen->role = model_role::challenger;
  chosen->named = slot.challenger;
  chosen->canary = slot.canary;
  return chosen;
}

core::result<chosen_model> choose_canary(const setting& of, const core::model_choice& now, const std::string& value) {
  const auto* current = now.of(of.slot->step(), model_role::challenger);
  auto chosen = current != nullptr ? std::optional{*current} : challenger_of_file(*of.slot, of.of_file->what());
  if (!chosen || chosen->path.empty())
    return core::fail("there is no challenger that could be a canary", {},
                      "choose one: infer." + of.slot->step() + ".challenger");
  const auto share = parse_share(value);
  if (!share)
    return core::fail("'" + value + "' is no share of keys", {}, "for example 5%");
  chosen->canary = *share;
  return *chosen;
}

} // namespace

core::result<core::model_wish> wish_for(const lane_plan& plan, const core::model_choice& now,
                                        const wanted_setting& wanted, std::string_view beside) {
  const auto found = find_setting(plan, wanted.name);
  if (!found)
    return tl::unexpected{found.error()};
  core::model_wish wish;
  wish.id = core::random_id();
  wish.is_default = wanted.value == "default";
  if (wish.is_default) {
    chosen_model of;
    of.step = found->slot->step();
    of.role = found->what == part::model ? model_role::champion : model_role::challenger;
    wish.models.push_back(of);
    return wish;
  }
  auto chosen = found->what == part::model        ? choose(*found->slot, file_of(*found->slot, wanted.value, beside))
                : found->what == part::challenger ? choose_challenger(*found->slot, wanted.value, beside)
                                                  : choose_canary(*found, now, wanted.value);
  if (!chosen)
    return tl::unexpected{chosen.error()};
  chosen->is_pinned = true;
  wish.models.push_back(*std::move(chosen));
  return wish;
}

core::result<core::model_wish> wish_to_follow(const model_slot& slot) {
  auto chosen = choose(slot, slot.file);
  if (!chosen)
    return tl::unexpected{chosen.error()};
  return core::model_wish{core::random_id(), {*std::move(chosen)}, false};
}

std::optional<chosen_model> challenger_of_file(const model_slot& slot, const models::contest::options& of_file) {
  if (!of_file.challenger)
    return std::nullopt;
  chosen_model chosen;
  chosen.step = slot.step();
  chosen.role = model_role::challenger;
  chosen.path = fixed_path(slot.challenger_file).value_or(slot.challenger_file);
  chosen.digest = of_file.challenger->scores_with().digest();
  chosen.named = slot.challenger;
  chosen.canary = slot.canary;
  return chosen;
}

} // namespace weir::config
