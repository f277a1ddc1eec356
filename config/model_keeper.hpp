#pragma once

#include "config/lane_plan.hpp"
#include "core/batch/record_block.hpp"
#include "core/cluster/model_swap.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace weir::config {

/// What was loaded for a choice of models, or why it could not be.
struct loaded_models {
  core::model_choice choice;
  model_set_ptr models; ///< null: there is a problem
  std::string problem;
};

/// Loads what was chosen. Slow: it reads files.
loaded_models load_models(const lane_plan& plan, const core::model_choice& choice);

/// The models of one node: which its lanes are to score with, and what it answers to a proposal. It loads nothing by
/// itself but what lanes that are restored need. Not thread-safe.
class model_keeper {
public:
  explicit model_keeper(std::shared_ptr<const lane_plan> plan);

  /// What lanes are to score with from their next barrier on.
  const model_set_ptr& current() const noexcept { return current_; }

  const core::model_answer& answer() const noexcept { return answer_; }

  /// What the supervisor says. @returns what is to be loaded, by load_models(), for loaded(); nothing: it has been, or
  /// is about to be
  std::optional<core::model_choice> hear(const core::model_swap_view& view);

  /// @pre hear() or a restore wanted it
  void loaded(loaded_models made);

  /// What a lane was scored with when its state was committed, from its changelog. When that is newer than what the
  /// node knows, it becomes current.
  core::result<model_set_ptr> restore(const core::record_block& changes);

private:
  void keep(const model_set_ptr& models);
  void take_if_current();

  std::shared_ptr<const lane_plan> plan_;
  model_set_ptr current_;
  std::map<std::uint64_t, model_set_ptr> ready_; ///< by number; few: what is newer than the current ones
  core::model_answer answer_;
  std::uint64_t wanted_ = 0;    ///< number of what the supervisor says is current
  std::uint64_t requested_ = 0; ///< newest number that hear() wanted to be loaded
};

} // namespace weir::config
