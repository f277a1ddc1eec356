#pragma once

#include "config/lane_stage.hpp"
#include "core/keyed/keyed_processor.hpp"
#include "core/transform/preprocessor.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace weir::config {

/// A step with a state of its own.
struct paged_step {
  core::state_need needs;
  /// One for each lane. @param bytes of state that it may hold
  std::function<std::shared_ptr<core::ordered_operator>(std::uint64_t bytes)> make;
};

/// Puts steps into the stages of a lane, in the order in which they are added. What needs no order goes to the
/// preprocessors, as far as it stands in front of all else, and to whoever is free where a model is among it. Windows
/// and detectors share one look-up a record as long as nothing between them takes records away and none reads what a
/// step between them makes.
class stage_builder {
public:
  void add(core::transform_ptr what);
  void add_model(std::size_t slot);
  void add(paged_step what);

  /// As add(), of what takes records away.
  void add_filter(paged_step what);

  /// Adds what stands behind the first transforms, in front of all else, whenever it is added.
  void add_first(paged_step what);

  /// Adds what stands behind the models that were added last, and those that directly follow.
  void add_behind_models(paged_step what);

  /// The plan that a window or a detector is to be added to. @param reads the columns that it does
  core::keyed_plan& keyed_for(std::span<const std::optional<core::column_id>> reads);

  /// That of the last window or detector; null: there is none.
  const core::keyed_plan* last_keyed() const noexcept { return last_keyed_.get(); }

  /// To be called behind each step: these columns are its own.
  void close_step(std::size_t first_column, std::size_t end);

  struct built {
    core::transform_list first;     ///< of the preprocessors
    std::vector<lane_stage> stages; ///< one at least
  };

  /// @param before_models the first byte of the state's keys, of windows and detectors that a model follows
  /// @param behind_models of the others
  built finish(std::uint8_t before_models, std::uint8_t behind_models) &&;

private:
  using keyed_ptr = std::shared_ptr<core::keyed_plan>;
  using ordered_ptr = std::shared_ptr<stateful_step>;
  using item = std::variant<core::transform_ptr, model_place, ordered_ptr, keyed_ptr>;

  void push(item what, bool takes_rows_away);
  void place_extras();

  std::vector<item> items_;
  ordered_ptr first_;
  std::pair<std::size_t, ordered_ptr> behind_models_; ///< with the index of the item that it stands behind
  keyed_ptr last_keyed_;
  bool is_open_ = false;                  ///< whether the last keyed plan takes more
  bool was_keyed_ = false;                ///< whether the step at hand has gone there
  std::set<core::column_id> made_behind_; ///< columns of other steps, behind the last keyed plan
};

} // namespace weir::config
