#pragma once

#include "models/online/class_list.hpp"
#include "models/online/tree_units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::models::online {

/// What the state of a Hoeffding tree of classes looks like: a head, the labels where they are found, and units. All in
/// words of eight bytes.
struct tree_layout {
  std::size_t inputs = 0;
  std::size_t classes = 0; ///< the most that there can be
  bool has_labels = false;
  std::size_t observed = 0; ///< inputs that a leaf looks at, chosen for it, which it names then; 0: all

  struct head {
    std::uint64_t classes; ///< that were found; 0 where they are given
    std::uint64_t nodes;   ///< 0: nothing was learned yet
  };
  /// Classes stand in the order in which they came: equal votes are the first one's.
  struct leaf {
    std::uint64_t is_active; ///< it observes its inputs
    std::uint64_t classes;   ///< that have a weight
    std::uint64_t observed;  ///< classes whose inputs it has observed
    double last_attempt;     ///< weight at the last attempt to split it
    double majority_right;   ///< how often the majority class was right
    double bayes_right;      ///< how often naive Bayes was
  };
  /// Of a class and an input of a leaf.
  struct observed_input {
    double mean;
    double squares; ///< sum of squares around the mean
    double least;
    double largest;
  };

  static constexpr std::size_t head_words = sizeof(head) / 8;

  std::size_t observed_inputs() const noexcept { return observed == 0 ? inputs : observed; }
  std::size_t label_words() const noexcept { return has_labels ? classes * class_list::slot_words : 0; }
  /// Behind the leaf's own: both orders, the weights, the counts, the inputs by class, and which inputs they are.
  std::size_t leaf_words() const noexcept {
    return sizeof(leaf) / 8 + 4 * classes + 4 * classes * observed_inputs() + observed;
  }
  /// Of a state that is one tree.
  unit_layout units() const noexcept { return {.begin = head_words + label_words(), .leaf_words = leaf_words()}; }
};

/// A view of a leaf.
class tree_leaf {
public:
  tree_leaf(double* words, const tree_layout& layout) noexcept : words_{words}, layout_{&layout} {}

  tree_layout::leaf& own() noexcept { return *reinterpret_cast<tree_layout::leaf*>(words_); }
  /// The classes with a weight, in the order in which they came.
  std::uint64_t* order() noexcept { return reinterpret_cast<std::uint64_t*>(words_ + own_words); }
  /// The classes that were observed, likewise.
  std::uint64_t* observed_order() noexcept { return order() + layout_->classes; }
  double* weights() noexcept { return words_ + own_words + 2 * layout_->classes; }
  /// Rows of each class whose inputs were observed.
  double* counts() noexcept { return weights() + layout_->classes; }
  tree_layout::observed_input* inputs_of(std::size_t c) noexcept {
    return reinterpret_cast<tree_layout::observed_input*>(counts() + layout_->classes) + c * inputs();
  }
  /// That it observes.
  std::size_t inputs() const noexcept { return layout_->observed_inputs(); }
  /// Which input the i-th is of those that it observes.
  std::size_t input(std::size_t i) noexcept {
    return layout_->observed == 0 ? i : static_cast<std::size_t>(chosen()[i]);
  }
  std::uint64_t* chosen() noexcept {
    return reinterpret_cast<std::uint64_t*>(words_ + layout_->leaf_words() - layout_->observed);
  }
  std::span<const std::uint64_t> classes() noexcept { return {order(), own().classes}; }
  std::span<const std::uint64_t> observed() noexcept { return {observed_order(), own().observed}; }

  double total() noexcept {
    double sum = 0;
    for (const auto c : classes())
      sum += weights()[c];
    return sum;
  }

  /// Forgets what it has observed.
  void forget_inputs() noexcept;
  /// As if it had seen nothing. @param seed of the inputs that are chosen for it, where it does not observe all
  void clear(std::uint64_t seed) noexcept;
  /// Adds to the weight of a class.
  void add(std::size_t c, double weight) noexcept;
  /// Takes the inputs of a row in, as if it had come `weight` times. False, and nothing changes: a number would not be
  /// finite. @param scratch twice as many as inputs
  bool observe(std::size_t c, const double* row, double weight, double* scratch) noexcept;

private:
  static constexpr std::size_t own_words = sizeof(tree_layout::leaf) / 8;

  double* words_;
  const tree_layout* layout_;
};

/// Whether what begins at a word of a state can be a leaf.
bool is_class_leaf(std::span<const std::byte> state, std::size_t begin, const tree_layout& layout);

/// Whether bytes can be the state of a tree: its nodes one tree, each leaf one of them, all numbers finite.
bool is_tree(std::span<const std::byte> state, const tree_layout& layout) noexcept;

} // namespace weir::models::online
