#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/cluster/contest_counters.hpp"
#include "core/cluster/model_choice.hpp"
#include "models/contest.hpp"
#include "models/model_slot.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::config {

/// A model and the column that it makes.
struct model_in_use {
  std::string column;
  std::string version;
};

/// What a pipeline scores with at one time: models for each of its slots. Shared by lanes and threads, and immutable
/// but for what it counts; a lane changes from one set to another at a barrier.
class model_set final : public core::contest_counters {
public:
  /// @param contests one a slot
  model_set(const std::vector<models::model_slot>& slots, const std::vector<models::contest::options>& contests,
            core::model_choice choice);

  const core::model_choice& choice() const noexcept { return choice_; }
  const std::vector<std::unique_ptr<const models::contest>>& contests() const noexcept { return contests_; }

  /// The champions.
  const std::vector<model_in_use>& models() const noexcept { return models_; }

  /// Scores the records that are alive in one slot, and notes in the batch which champions the set has.
  void score(std::size_t slot, core::batch& b) const;

  core::contest_models models_at(std::size_t slot) const override;
  void count(std::size_t slot, const core::contest_figures& more) const override;

  /// What was counted, of each slot where something is.
  std::vector<core::contest_report> report() const;

private:
  core::model_choice choice_;
  std::vector<std::unique_ptr<const models::contest>> contests_;
  std::vector<model_in_use> models_;
  std::shared_ptr<const std::string> scored_by_;
};

using model_set_ptr = std::shared_ptr<const model_set>;

/// Loads the models that were chosen; the others are those of the pipeline file. An error names the setting: a file
/// that is not there, is not what was chosen, or does not fit.
/// @param of_file those of the pipeline file
core::result<model_set_ptr> load_choice(const std::vector<models::model_slot>& slots, const model_set& of_file,
                                        const core::model_choice& choice);

} // namespace weir::config
