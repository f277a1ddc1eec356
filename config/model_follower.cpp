#include "config/model_follower.hpp"

#include "config/model_wish.hpp"
#include "models/registry/model_reference.hpp"

namespace weir::config {

model_follower::model_follower(const std::vector<models::model_slot>& slots) : slots_{slots} {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].is_followed)
      followed_.push_back({i});
}

std::optional<model_follower::print> model_follower::print_of(const models::model_slot& slot) {
  const auto found = models::resolve_model(slot.file);
  if (!found)
    return std::nullopt;
  std::error_code problem;
  print made{found->file, std::filesystem::file_size(found->file, problem), {}};
  if (!problem)
    made.time = std::filesystem::last_write_time(found->file, problem);
  return problem ? std::nullopt : std::optional{made};
}

std::vector<core::model_wish> model_follower::look(const model_set& now, std::vector<std::string>& problems) {
  std::vector<core::model_wish> wishes;
  for (auto& one : followed_) {
    const auto& slot = slots_[one.slot];
    auto seen = print_of(slot);
    if (!seen)
      continue; // it is being replaced, or will be missed at the next start
    if (seen != one.seen) {
      one.seen = std::move(seen);
      auto wish = wish_to_follow(slot);
      if (!wish)
        problems.push_back("infer." + slot.step()
                           + ".model follows a model that cannot be used: " + wish.error().text());
      one.wish = wish ? std::optional{*std::move(wish)} : std::nullopt;
    }
    const auto* chosen = now.choice().of(slot.step());
    const bool is_pinned = chosen != nullptr && chosen->is_pinned;
    if (one.wish && !is_pinned
        && one.wish->models.front().digest != now.contests()[one.slot]->what().champion->scores_with().digest())
      wishes.push_back(*one.wish);
  }
  return wishes;
}

} // namespace weir::config
