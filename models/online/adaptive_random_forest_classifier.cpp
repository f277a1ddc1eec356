#include "models/online/forest_growth.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir::models::online {

namespace {

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

tree_layout layout_of(std::size_t inputs, const class_list& classes, const adaptive_random_forest& how) {
  return {.inputs = inputs,
          .classes = classes.most(),
          .has_labels = !classes.is_given(),
          .observed = features_of(how, inputs)};
}

class forest_of_classes final : public learner {
public:
  forest_of_classes(std::size_t inputs, class_list classes, const adaptive_random_forest& how,
                    const hoeffding_tree& trees) :
      classes_{std::move(classes)},
      tree_{layout_of(inputs, classes_, how), trees}, layout_{.members = how.n_models,
                                                              .kept_words = tree_.layout().label_words(),
                                                              .leaf_words = tree_.layout().leaf_words(),
                                                              .max_leaves = trees.max_leaves},
      units_{layout_.units()}, growth_{how} {}

  std::size_t first_size() const noexcept override { return units_.bytes(1 + 2 * layout_.members); }
  std::size_t most_size() const noexcept override { return units_.bytes(layout_.most_units()); }
  std::size_t scratch_size() const noexcept override {
    return layout_.members + 2 * classes_.most() + tree_.scratch_size();
  }
  bool tells_changes() const noexcept override { return true; }

  bool valid(std::span<const std::byte> state) const noexcept override {
    const auto& leaves = tree_.layout();
    if (!is_forest(state, layout_, leaves.inputs,
                   [&](std::size_t begin) { return is_class_leaf(state, begin, leaves); }))
      return false;
    const auto found = read_words<forest_layout::head>(state, 0).kept;
    if (found > (leaves.has_labels ? leaves.classes : 0))
      return false;
    for (std::size_t i = 0; i < found; ++i)
      if (!read_words<class_list::slot>(state, layout_.kept_begin() + i * class_list::slot_words).valid())
        return false;
    return true;
  }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    forest_state at{bytes, layout_, units_, block.changed};
    const class_labels labels{classes_, at.kept()};
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      done.wanted = at.wanted();
      if (done.wanted != 0)
        return done;
      const auto* row = block.inputs + done.rows * tree_.layout().inputs;
      const auto label = block.labels[done.rows];
      predict(at, labels, row, block, done.rows);
      if (label.data() != nullptr)
        ++(learn(at, labels, row, label, block.scratch) ? done.learned : done.refused);
    }
    return done;
  }

private:
  /// What each tree chooses stands in front of the scratch afterwards; -1: nothing.
  void predict(forest_state& at, const class_labels& labels, const double* row, const example_block& block,
               std::size_t i) const noexcept {
    const auto classes = classes_.most();
    auto* const chosen = block.scratch;
    auto* const sums = chosen + layout_.members;
    auto* const votes = sums + classes;
    std::fill_n(sums, classes, 0);
    for (std::size_t m = 0; m < layout_.members; ++m) {
      chosen[m] = -1;
      const auto& tree = at.tree(at.front(m));
      if (tree.leaves == 0)
        continue;
      auto leaf = tree_.leaf_of(at.trees(), static_cast<std::size_t>(tree.root), row);
      const auto best = tree_.vote(leaf, row, votes, labels);
      if (best == class_list::none)
        continue;
      chosen[m] = static_cast<double>(best);
      const auto& member = at.member(m);
      const auto weight = member.right > 0 ? member.right / member.tested : 1;
      for (const auto c : leaf.classes())
        sums[c] += votes[c] * weight;
    }
    double total = 0;
    auto best = class_list::none;
    for (std::size_t c = 0; c < classes; ++c) {
      total += sums[c];
      if (sums[c] > 0
          && (best == class_list::none || sums[c] > sums[best] || (sums[c] == sums[best] && labels.is_before(c, best))))
        best = c;
    }
    const bool is_known = best != class_list::none && total <= std::numeric_limits<double>::max();
    const bool is_binary = classes_.is_given() && classes == 2;
    block.chosen[i] = is_known ? labels.label(best) : std::string_view{};
    block.probabilities[i] = is_known ? sums[is_binary ? 1 : best] / total : unknown;
  }

  /// False: a number would not be finite, or the class is one too many. @pre predict() was asked of the row
  bool learn(forest_state& at, const class_labels& labels, const double* row, std::string_view label,
             double* scratch) const {
    const auto c = labels.index_of(label, at.head().kept);
    if (c >= classes_.most())
      return false;
    auto* const more = scratch + layout_.members;
    bool is_learned = true;
    for (std::size_t m = 0; m < layout_.members; ++m) {
      auto& member = at.member(m);
      const bool is_right = scratch[m] == static_cast<double>(c);
      member.right += is_right ? 1 : 0;
      member.tested += 1;
      const auto learn_tree = [&](std::optional<std::size_t> root, std::optional<std::size_t> unit, double weight,
                                  std::uint64_t seed) {
        return tree_.learn(at.trees(), root, unit, row, c, weight, seed, more);
      };
      is_learned = growth_.learn(
                       at, m, [&] { return is_right ? 0.0 : 1.0; }, learn_tree)
                   && is_learned;
      at.note_member(m);
    }
    if (tree_.layout().has_labels && c == at.head().kept) {
      labels.slot(c).set(label);
      ++at.head().kept;
    }
    ++at.head().rows;
    at.note_front();
    return is_learned;
  }

  class_list classes_;
  class_tree tree_;
  forest_layout layout_;
  unit_layout units_;
  forest_growth growth_;
};

} // namespace

learner_ptr adaptive_random_forest_classifier(std::size_t inputs, class_list classes, const adaptive_random_forest& how,
                                              const hoeffding_tree& trees) {
  return std::make_shared<forest_of_classes>(inputs, std::move(classes), how, trees);
}

} // namespace weir::models::online
