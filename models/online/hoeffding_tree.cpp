#include "models/online/hoeffding_tree.hpp"

#include "models/online/class_tree.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir::models::online {

namespace {

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

class hoeffding_classifier final : public learner {
public:
  hoeffding_classifier(std::size_t inputs, class_list classes, const hoeffding_tree& how) :
      layout_{.inputs = inputs, .classes = classes.most(), .has_labels = !classes.is_given()}, units_{layout_.units()},
      classes_{std::move(classes)}, max_leaves_{how.max_leaves}, tree_{layout_, how} {}

  // one unit more than leaves, so that a row can always split one
  std::size_t first_size() const noexcept override { return units_.bytes(std::min<std::size_t>(2, max_leaves_)); }
  std::size_t most_size() const noexcept override { return units_.bytes(max_leaves_); }
  std::size_t scratch_size() const noexcept override { return tree_.scratch_size(); }
  bool tells_changes() const noexcept override { return true; }

  bool valid(std::span<const std::byte> state) const noexcept override { return is_tree(state, layout_); }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    auto* const words = reinterpret_cast<double*>(bytes.data());
    auto& head = *reinterpret_cast<tree_layout::head*>(words);
    tree_units at{words, units_, block.changed};
    const class_labels labels{classes_, words + tree_layout::head_words};
    const auto units = units_.units(bytes.size());
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      const auto* row = block.inputs + done.rows * layout_.inputs;
      const auto label = block.labels[done.rows];
      if (leaves(head) >= units && units < max_leaves_) {
        done.wanted = units_.bytes(units + 1);
        return done;
      }
      predict(at, head, labels, row, block, done.rows);
      if (label.data() == nullptr)
        continue;
      ++(learn(at, head, labels, row, label, block.scratch) ? done.learned : done.refused);
    }
    return done;
  }

private:
  static std::size_t leaves(const tree_layout::head& head) noexcept {
    return static_cast<std::size_t>(head.nodes + 1) / 2;
  }

  void predict(tree_units& at, const tree_layout::head& head, const class_labels& labels, const double* row,
               const example_block& block, std::size_t i) const noexcept {
    block.chosen[i] = {};
    block.probabilities[i] = unknown;
    if (head.nodes == 0)
      return;
    auto leaf = tree_.leaf_of(at, 0, row);
    auto* const votes = block.scratch;
    const auto best = tree_.vote(leaf, row, votes, labels);
    if (best == class_list::none)
      return;
    block.chosen[i] = labels.label(best);
    const bool is_binary = classes_.is_given() && classes_.most() == 2;
    const bool has_second = std::ranges::find(leaf.classes(), 1u) != leaf.classes().end();
    block.probabilities[i] = !is_binary ? votes[best] : has_second ? votes[1] : 0;
  }

  /// False, and nothing is learned: a number would not be finite, or the class is one too many.
  bool learn(tree_units& at, tree_layout::head& head, const class_labels& labels, const double* row,
             std::string_view label, double* scratch) const {
    const auto c = labels.index_of(label, head.classes);
    if (c >= classes_.most())
      return false;
    const auto root = head.nodes == 0 ? std::nullopt : std::optional<std::size_t>{0};
    const auto unit = leaves(head) < max_leaves_ ? std::optional{leaves(head)} : std::nullopt;
    const auto step = tree_.learn(at, root, unit, row, c, 1, 0, scratch);
    const bool is_new = step.is_learned && layout_.has_labels && c == head.classes;
    if (is_new) {
      labels.slot(c).set(label);
      ++head.classes;
    }
    if (step.has_grown)
      head.nodes += root ? 2 : 1;
    if (is_new || step.has_grown)
      at.note_front();
    return step.is_learned;
  }

  tree_layout layout_;
  unit_layout units_;
  class_list classes_;
  std::size_t max_leaves_;
  class_tree tree_;
};

} // namespace

learner_ptr hoeffding_tree_classifier(std::size_t inputs, class_list classes, const hoeffding_tree& how) {
  return std::make_shared<hoeffding_classifier>(inputs, std::move(classes), how);
}

} // namespace weir::models::online
