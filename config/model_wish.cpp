#include "config/model_wish.hpp"

#include "config/diagnostic.hpp"
#include "config/model_beside.hpp"

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

/// What an operator means by a value: an alias or a number of the slot's own model counts where no such file is there.
std::string file_of(const models::model_slot& slot, const std::string& value, std::string_view beside) {
  auto file = model_beside(value, beside);
  const auto own = models::parse_reference(slot.file);
  if (!models::is_model_at(file) && !own.selector.empty() && value.find('/') == std::string::npos)
    return own.folder + "@" + value;
  return file;
}

/// Loads it, and tries whether it fits. What is chosen of a registry is a version: an alias may mean another tomorrow.
core::result<core::chosen_model> choose(const models::model_slot& slot, const std::string& file) {
  const auto found = models::resolve_model(file);
  if (!found)
    return tl::unexpected{found.error()};
  std::error_code ignored;
  const auto path =
      found->version == 0 ? found->file : models::parse_reference(file).folder + "@" + std::to_string(found->version);
  const auto whole = std::filesystem::absolute(path, ignored).lexically_normal().string();
  const auto model = models::model::load(whole, slot.name);
  if (!model)
    return tl::unexpected{model.error()};
  if (const auto fits = slot.fit(*model); !fits)
    return tl::unexpected{fits.error()};
  return core::chosen_model{slot.step(), whole, (*model)->digest(), slot.named, false};
}

} // namespace

core::result<core::model_wish> wish_for(const lane_plan& plan, const wanted_setting& wanted, std::string_view beside) {
  const auto slot = find_slot(plan, wanted.name);
  if (!slot)
    return tl::unexpected{slot.error()};
  core::model_wish wish;
  wish.id = random_id();
  wish.is_default = wanted.value == "default";
  if (wish.is_default) {
    wish.model.step = (*slot)->step();
    return wish;
  }
  auto chosen = choose(**slot, file_of(**slot, wanted.value, beside));
  if (!chosen)
    return tl::unexpected{chosen.error()};
  wish.model = *std::move(chosen);
  wish.model.is_pinned = true;
  return wish;
}

core::result<core::model_wish> wish_to_follow(const models::model_slot& slot) {
  auto chosen = choose(slot, slot.file);
  if (!chosen)
    return tl::unexpected{chosen.error()};
  return core::model_wish{random_id(), *std::move(chosen), false};
}

} // namespace weir::config
