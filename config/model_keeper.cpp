#include "config/model_keeper.hpp"

#include <algorithm>

namespace weir::config {

loaded_models load_models(const lane_plan& plan, const core::model_choice& choice) {
  auto made = load_choice(plan.slots, *plan.models, choice);
  if (made)
    return {choice, *std::move(made), {}};
  return {choice, nullptr, made.error().text()};
}

model_keeper::model_keeper(std::shared_ptr<const lane_plan> plan) : plan_{std::move(plan)}, current_{plan_->models} {}

std::optional<core::model_choice> model_keeper::hear(const core::model_swap_view& view) {
  wanted_ = std::max(wanted_, view.current.number);
  take_if_current();
  const auto& newest = view.proposed ? *view.proposed : view.current;
  // What is current may not have been proposed to this node: it may have come later.
  const bool lacks_current = view.current.number > current_->choice().number && !ready_.contains(view.current.number);
  const auto& needed = lacks_current ? view.current : newest;
  if (needed.number <= requested_ || needed.number <= current_->choice().number)
    return std::nullopt;
  requested_ = needed.number;
  return needed;
}

void model_keeper::loaded(loaded_models made) {
  answer_ = {made.choice.number, made.problem};
  if (made.models)
    keep(made.models);
  take_if_current();
}

void model_keeper::keep(const model_set_ptr& models) {
  if (models->choice().number > current_->choice().number)
    ready_.emplace(models->choice().number, models);
}

void model_keeper::take_if_current() {
  if (const auto found = ready_.find(wanted_); found != ready_.end())
    current_ = found->second;
  std::erase_if(ready_, [&](const auto& entry) { return entry.first <= current_->choice().number; });
}

core::result<model_set_ptr> model_keeper::restore(const core::record_block& changes) {
  std::optional<std::string_view> record;
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (changes.key(i) == core::model_choice_key)
      record = changes.value(i);
  if (!record)
    return plan_->models;
  const auto choice = core::decode_model_choice(*record);
  if (!choice)
    return tl::unexpected{choice.error()};
  if (choice->number == current_->choice().number)
    return current_;
  auto made = load_choice(plan_->slots, *plan_->models, *choice);
  if (!made) {
    made.error().what += "; it was chosen while the pipeline ran";
    made.error().remedy = "put that file back, or name another model in the pipeline file: that counts then";
    return made;
  }
  if (choice->number > current_->choice().number) {
    wanted_ = std::max(wanted_, choice->number);
    keep(*made);
    take_if_current();
  }
  return made;
}

} // namespace weir::config
