#include "models/online/forest_growth.hpp"
#include "models/online/scaled_inputs.hpp"
#include "models/online/value_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace weir::models::online {

namespace {

double aggregate(std::span<double> said, forest_aggregation by) noexcept {
  if (by == forest_aggregation::mean) {
    double mean = 0;
    for (std::size_t i = 0; i < said.size(); ++i)
      mean += (said[i] - mean) / static_cast<double>(i + 1);
    return mean;
  }
  std::ranges::sort(said);
  const auto middle = said.size() / 2;
  return said.size() % 2 == 1 ? said[middle] : said[middle - 1] / 2 + said[middle] / 2;
}

class forest_of_values final : public learner {
public:
  forest_of_values(std::size_t inputs, bool standardize, const adaptive_random_forest& how,
                   forest_aggregation aggregation, const hoeffding_regression& trees) :
      scaled_{inputs, standardize},
      aggregation_{aggregation}, tree_{inputs, features_of(how, inputs), trees},
      layout_{.members = how.n_models,
              .kept_words = scaled_.words(),
              .leaf_words = tree_.layout().leaf_words(),
              .max_leaves = trees.max_leaves},
      units_{layout_.units()}, growth_{how} {}

  std::size_t first_size() const noexcept override { return units_.bytes(1 + 2 * layout_.members); }
  std::size_t most_size() const noexcept override { return units_.bytes(layout_.most_units()); }
  std::size_t scratch_size() const noexcept override {
    return 2 * layout_.members + scaled_.scratch_size() + tree_.scratch_size();
  }
  bool tells_changes() const noexcept override { return true; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    return is_forest(state, layout_, scaled_.inputs(),
                     [&](std::size_t begin) { return is_value_leaf(state, begin, tree_.layout()); })
           && scaled_.valid(state, layout_.kept_begin());
  }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    forest_state at{bytes, layout_, units_, block.changed};
    auto* const scratch = block.scratch + 2 * layout_.members;
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      done.wanted = at.wanted();
      if (done.wanted != 0)
        return done;
      const auto* row = block.inputs + done.rows * scaled_.inputs();
      const auto truth = block.truth[done.rows];
      block.predicted[done.rows] = predict(at, scaled_.of(at.kept(), row, scratch), block.scratch);
      if (!std::isnan(truth))
        ++(learn(at, row, truth, block.scratch) ? done.learned : done.refused);
    }
    return done;
  }

private:
  /// What each tree says stands in front of the scratch afterwards; 0: nothing yet.
  double predict(forest_state& at, const double* row, double* scratch) const noexcept {
    std::size_t known = 0;
    for (std::size_t m = 0; m < layout_.members; ++m) {
      const auto& tree = at.tree(at.front(m));
      scratch[m] = tree.leaves == 0 ? 0 : tree_.predict(at.trees(), static_cast<std::size_t>(tree.root), row);
      if (tree.leaves != 0 && !std::isnan(scratch[m]))
        scratch[layout_.members + known++] = scratch[m];
    }
    return known == 0 ? 0 : aggregate({scratch + layout_.members, known}, aggregation_);
  }

  /// Truth minus what a tree said, taken to 0..1 as far as three standard deviations reach. @returns the error so far
  static double signal_of(weighted_moments& errors, double error) noexcept {
    const auto next = errors.with(error, 1);
    if (next.wrong() != 0)
      return 0.5;
    errors = next;
    const auto reach = 3 * std::sqrt(errors.variance());
    const auto signal = reach > 0 ? (error + reach) / (2 * reach) : 0.5;
    return std::isfinite(signal) ? signal : 0.5;
  }

  /// False: a number would not be finite. @pre predict() was asked of the row
  bool learn(forest_state& at, const double* row, double truth, double* said) const {
    auto* const scratch = said + 2 * layout_.members;
    auto* const more = scratch + scaled_.scratch_size();
    bool is_learned = scaled_.learn(at.kept(), at.head().kept, row, scratch);
    if (is_learned) {
      ++at.head().kept;
      const auto* x = scaled_.of(at.kept(), row, scratch);
      for (std::size_t m = 0; m < layout_.members; ++m) {
        const auto learn_tree = [&](std::optional<std::size_t> root, std::optional<std::size_t> unit, double weight,
                                    std::uint64_t seed) {
          return tree_.learn(at.trees(), root, unit, x, truth, weight, seed, more);
        };
        const auto signal = [&] { return signal_of(at.member(m).error, truth - said[m]); };
        is_learned = growth_.learn(at, m, signal, learn_tree) && is_learned;
        at.note_member(m);
      }
    }
    ++at.head().rows;
    at.note_front();
    return is_learned;
  }

  scaled_inputs scaled_;
  forest_aggregation aggregation_;
  value_tree tree_;
  forest_layout layout_;
  unit_layout units_;
  forest_growth growth_;
};

} // namespace

learner_ptr adaptive_random_forest_regressor(std::size_t inputs, bool standardize, const adaptive_random_forest& how,
                                             forest_aggregation aggregation, const hoeffding_regression& trees) {
  return std::make_shared<forest_of_values>(inputs, standardize, how, aggregation, trees);
}

} // namespace weir::models::online
