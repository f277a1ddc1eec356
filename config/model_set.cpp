#include "config/model_set.hpp"

#include "core/format/json_text.hpp"

namespace weir::config {

namespace {

core::result<models::scorer_ptr> load_one(const models::model_slot& slot, const core::chosen_model& chosen) {
  const auto model = models::model::load(chosen.path, slot.name);
  if (!model)
    return tl::unexpected{model.error()};
  if ((*model)->digest() != chosen.digest)
    return core::fail("this is another file than the one that was chosen: its SHA-256 begins with "
                          + (*model)->digest().substr(0, 8) + ", not " + chosen.digest.substr(0, 8),
                      chosen.path, "each node needs the same file there");
  return slot.fit(*model);
}

} // namespace

model_set::model_set(const std::vector<models::model_slot>& slots, std::vector<models::scorer_ptr> scorers,
                     core::model_choice choice) :
    choice_{std::move(choice)},
    scorers_{std::move(scorers)} {
  std::string members;
  for (std::size_t i = 0; i < scorers_.size(); ++i) {
    const auto& version = scorers_[i]->scores_with().version();
    models_.push_back({slots[i].step(), version});
    members += (members.empty() ? "" : ",") + core::json_quoted(slots[i].step()) + ":" + core::json_quoted(version);
  }
  scored_by_ = std::make_shared<const std::string>(std::move(members));
}

void model_set::score(core::batch& b) const {
  for (const auto& scorer : scorers_)
    scorer->run(b);
  b.scored_by = scored_by_;
}

core::result<model_set_ptr> load_choice(const std::vector<models::model_slot>& slots, const model_set& of_file,
                                        const core::model_choice& choice) {
  auto scorers = of_file.scorers();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto* chosen = choice.of(slots[i].step());
    if (chosen == nullptr || chosen->named != slots[i].named)
      continue;
    auto loaded = load_one(slots[i], *chosen);
    if (!loaded) {
      loaded.error().what = "infer." + slots[i].step() + ".model: " + loaded.error().what;
      return tl::unexpected{loaded.error()};
    }
    scorers[i] = *std::move(loaded);
  }
  return std::make_shared<const model_set>(slots, std::move(scorers), choice);
}

} // namespace weir::config
