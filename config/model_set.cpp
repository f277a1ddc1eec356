#include "config/model_set.hpp"

#include "core/base/fnv1a.hpp"
#include "core/format/json_text.hpp"

namespace weir::config {

namespace {

core::result<models::scorer_ptr> load_one(const models::model_slot& slot, const core::chosen_model& chosen) {
  const auto model = slot.load(chosen.path);
  auto loaded = model ? slot.fit(*model) : tl::unexpected{model.error()};
  if (model && (*model)->digest() != chosen.digest)
    loaded = core::fail("this is another file than the one that was chosen: its SHA-256 begins with "
                            + (*model)->digest().substr(0, 8) + ", not " + chosen.digest.substr(0, 8),
                        chosen.path, "each node needs the same file there");
  if (!loaded)
    loaded.error().what = "infer." + slot.step() + ": " + loaded.error().what;
  return loaded;
}

} // namespace

model_set::model_set(const std::vector<models::model_slot>& slots,
                     const std::vector<models::contest::options>& contests, core::model_choice choice) :
    choice_{std::move(choice)} {
  std::string members;
  for (std::size_t i = 0; i < contests.size(); ++i) {
    contests_.push_back(std::make_unique<const models::contest>(contests[i]));
    const auto& version = contests[i].champion->scores_with().version();
    models_.push_back({slots[i].step(), version});
    members += (members.empty() ? "" : ",") + core::json_quoted(slots[i].step()) + ":" + core::json_quoted(version);
  }
  scored_by_ = std::make_shared<const std::string>(std::move(members));
}

void model_set::score(std::size_t slot, core::batch& b) const {
  contests_[slot]->run(b);
  b.scored_by = scored_by_;
}

core::contest_models model_set::models_at(std::size_t slot) const {
  const auto& contest = contests_[slot]->what();
  const auto hash = [](const models::scorer_ptr& of) { return of ? core::fnv1a(of->scores_with().digest()) : 0; };
  return {hash(contest.champion), hash(contest.challenger)};
}

void model_set::count(std::size_t slot, const core::contest_figures& more) const {
  contests_[slot]->count(more);
}

std::vector<core::contest_report> model_set::report() const {
  std::vector<core::contest_report> all;
  for (std::size_t i = 0; i < contests_.size(); ++i)
    if (contests_[i]->counts())
      all.push_back({models_[i].column, contests_[i]->figures()});
  return all;
}

core::result<model_set_ptr> load_choice(const std::vector<models::model_slot>& slots, const model_set& of_file,
                                        const core::model_choice& choice) {
  std::vector<models::contest::options> contests;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto& slot = slots[i];
    auto& made = contests.emplace_back(of_file.contests()[i]->what());
    if (const auto* chosen = choice.of(slot.step()); chosen != nullptr && chosen->named == slot.named) {
      auto loaded = load_one(slot, *chosen);
      if (!loaded)
        return tl::unexpected{loaded.error()};
      made.champion = *std::move(loaded);
    }
    const auto* chosen = choice.of(slot.step(), core::model_role::challenger);
    if (chosen == nullptr || chosen->named != slot.challenger)
      continue;
    made.canary = chosen->canary;
    made.challenger = nullptr;
    if (chosen->path.empty())
      continue;
    auto loaded = load_one(slot, *chosen);
    if (!loaded)
      return tl::unexpected{loaded.error()};
    made.challenger = *std::move(loaded);
  }
  return std::make_shared<const model_set>(slots, contests, choice);
}

} // namespace weir::config
