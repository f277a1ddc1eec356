#include "config/model_wish.hpp"

#include "config/diagnostic.hpp"
#include "config/file_beside.hpp"

#include <algorithm>
#include <filesystem>
#include <random>

namespace weir::config {

namespace {

std::string setting_of(const models::model_slot& slot) {
  return "infer." + slot.step() + ".model";
}

std::uint64_t random_id() {
  std::random_device dice;
  return dice() + (std::uint64_t{dice()} << 32);
}

core::result<const models::model_slot*> find_slot(const lane_plan& plan, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& slot : plan.slots) {
    if (setting_of(slot) == name)
      return &slot;
    known.push_back(setting_of(slot));
  }
  if (known.empty())
    return core::fail("there is no setting '" + name + "'", {}, "this pipeline has none that can be changed");
  std::string all;
  for (const auto& one : known)
    all += (all.empty() ? "" : ", ") + one;
  return core::fail("there is no setting '" + name + "'" + did_you_mean(name, known), {}, "there are: " + all);
}

} // namespace

core::result<core::model_wish> wish_for(const lane_plan& plan, const wanted_setting& wanted, std::string_view beside) {
  const auto slot = find_slot(plan, wanted.name);
  if (!slot)
    return tl::unexpected{slot.error()};
  core::model_wish wish;
  wish.id = random_id();
  wish.model.step = (*slot)->step();
  wish.is_default = wanted.value == "default";
  if (wish.is_default)
    return wish;
  std::error_code ignored;
  wish.model.path = std::filesystem::absolute(file_beside(wanted.value, beside), ignored).lexically_normal().string();
  const auto model = models::model::load(wish.model.path, (*slot)->name);
  if (!model)
    return tl::unexpected{model.error()};
  if (const auto fits = (*slot)->fit(*model); !fits)
    return tl::unexpected{fits.error()};
  const auto index = static_cast<std::size_t>(*slot - plan.slots.data());
  wish.model.digest = (*model)->digest();
  wish.model.base = plan.models->scorers()[index]->scores_with().digest();
  wish.model.is_pinned = true;
  return wish;
}

} // namespace weir::config
