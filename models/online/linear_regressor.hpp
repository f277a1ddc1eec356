#pragma once

#include "models/online/learner.hpp"
#include "models/online/linear_state.hpp"

#include <cmath>
#include <limits>

namespace weir::models::online {

/// A weighted sum of the inputs. @tparam Rule how it learns: `has_l1`, and `bool learn(linear_weights&, row, inputs,
/// truth, scratch)`, false when it cannot and has changed nothing; scratch has as many numbers as inputs
template <class Rule>
class linear_regressor final : public learner {
public:
  linear_regressor(std::size_t inputs, bool standardize, Rule rule) :
      layout_{.inputs = inputs, .standardize = standardize, .has_l1 = rule.has_l1()}, rule_{rule} {}

  std::size_t first_size() const noexcept override { return layout_.bytes(1); }
  std::size_t scratch_size() const noexcept override { return 3 * layout_.inputs; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    return state.size() == first_size() && holds_finite_numbers(state, layout_, 1);
  }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    linear_state state{bytes, layout_};
    auto& weights = state.weights(0);
    auto* const scaled = block.scratch;
    auto* const scratch = scaled + layout_.inputs;
    progress done{.rows = block.rows};
    for (std::size_t i = 0; i < block.rows; ++i) {
      const auto* row = block.inputs + i * layout_.inputs;
      const auto predicted = weights.sum(state.scaled(row, scaled), layout_.inputs);
      block.predicted[i] = std::isfinite(predicted) ? predicted : std::numeric_limits<double>::quiet_NaN();
      if (std::isnan(block.truth[i]))
        continue;
      const bool is_learned =
          state.learn_scale(row, scratch)
          && rule_.learn(weights, state.scaled(row, scaled), layout_.inputs, block.truth[i], scratch);
      ++(is_learned ? done.learned : done.refused);
    }
    return done;
  }

private:
  linear_layout layout_;
  Rule rule_;
};

} // namespace weir::models::online
