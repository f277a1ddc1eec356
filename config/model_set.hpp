#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/cluster/model_choice.hpp"
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

/// What a pipeline scores with at one time: a scorer for each of its slots. Immutable, shared by lanes and threads; a
/// lane changes from one set to another at a barrier.
class model_set {
public:
  /// @param scorers one a slot
  model_set(const std::vector<models::model_slot>& slots, std::vector<models::scorer_ptr> scorers,
            core::model_choice choice);

  const core::model_choice& choice() const noexcept { return choice_; }
  const std::vector<models::scorer_ptr>& scorers() const noexcept { return scorers_; }
  const std::vector<model_in_use>& models() const noexcept { return models_; }

  /// Scores the records that are alive, model by model, and notes in the batch which models those were.
  void score(core::batch& b) const;

private:
  core::model_choice choice_;
  std::vector<models::scorer_ptr> scorers_;
  std::vector<model_in_use> models_;
  std::shared_ptr<const std::string> scored_by_;
};

using model_set_ptr = std::shared_ptr<const model_set>;

/// Loads the models that were chosen; the others are those of the pipeline file. An error names the step: a file that
/// is not there, is not what was chosen, or does not fit.
/// @param of_file those of the pipeline file
core::result<model_set_ptr> load_choice(const std::vector<models::model_slot>& slots, const model_set& of_file,
                                        const core::model_choice& choice);

} // namespace weir::config
