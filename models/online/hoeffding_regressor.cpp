#include "models/online/hoeffding_regressor.hpp"

#include "models/online/scaled_inputs.hpp"
#include "models/online/value_tree.hpp"

#include <algorithm>

namespace weir::models::online {

namespace {

/// The state: a head, the scaler, and units.
class hoeffding_regressor final : public learner {
public:
  hoeffding_regressor(std::size_t inputs, bool standardize, const hoeffding_regression& how) :
      scaled_{inputs, standardize}, max_leaves_{how.max_leaves}, tree_{inputs, 0, how},
      units_{.begin = head_words + scaled_.words(), .leaf_words = tree_.layout().leaf_words()} {}

  // one unit more than leaves, so that a row can always split one
  std::size_t first_size() const noexcept override { return units_.bytes(std::min<std::size_t>(2, max_leaves_)); }
  std::size_t most_size() const noexcept override { return units_.bytes(max_leaves_); }
  std::size_t scratch_size() const noexcept override { return scaled_.scratch_size() + tree_.scratch_size(); }
  bool tells_changes() const noexcept override { return true; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    if (!units_.is_size(state.size()))
      return false;
    const auto at = read_words<head>(state, 0);
    if (at.nodes / 2 > units_.units(state.size()) - 1 || (at.nodes != 0 && at.nodes % 2 == 0)
        || !scaled_.valid(state, head_words))
      return false;
    tree_check check{state.first(units_.bytes(at.nodes / 2 + 1)), units_, scaled_.inputs()};
    const auto is_leaf = [&](std::size_t begin) { return is_value_leaf(state, begin, tree_.layout()); };
    return at.nodes == 0 || (check.leaves_of(0, 0, is_leaf) && check.nodes() == at.nodes);
  }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    auto* const words = reinterpret_cast<double*>(bytes.data());
    auto& at = *reinterpret_cast<head*>(words);
    auto* const scaler = words + head_words;
    auto* const scratch = block.scratch + scaled_.scratch_size();
    tree_units trees{words, units_, block.changed};
    const auto units = units_.units(bytes.size());
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      const auto* row = block.inputs + done.rows * scaled_.inputs();
      const auto truth = block.truth[done.rows];
      const auto leaves = static_cast<std::size_t>(at.nodes + 1) / 2;
      if (leaves >= units && units < max_leaves_) {
        done.wanted = units_.bytes(units + 1);
        return done;
      }
      block.predicted[done.rows] = at.nodes == 0 ? 0 : tree_.predict(trees, 0, scaled_.of(scaler, row, block.scratch));
      if (std::isnan(truth))
        continue;
      trees.note_front();
      if (!scaled_.learn(scaler, at.seen, row, block.scratch)) {
        ++done.refused;
        continue;
      }
      ++at.seen;
      const auto root = at.nodes == 0 ? std::nullopt : std::optional<std::size_t>{0};
      const auto step = tree_.learn(trees, root, leaves < max_leaves_ ? std::optional{leaves} : std::nullopt,
                                    scaled_.of(scaler, row, block.scratch), truth, 1, 0, scratch);
      if (step.has_grown)
        at.nodes += root ? 2 : 1;
      ++(step.is_learned ? done.learned : done.refused);
    }
    return done;
  }

private:
  struct head {
    std::uint64_t seen; ///< rows that the scaler has learned
    std::uint64_t nodes;
  };
  static constexpr std::size_t head_words = sizeof(head) / 8;

  scaled_inputs scaled_;
  std::size_t max_leaves_;
  value_tree tree_;
  unit_layout units_;
};

} // namespace

learner_ptr hoeffding_tree_regressor(std::size_t inputs, bool standardize, const hoeffding_regression& how) {
  return std::make_shared<hoeffding_regressor>(inputs, standardize, how);
}

} // namespace weir::models::online
