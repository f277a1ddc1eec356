#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::models::online {

/// What a random cut tree looks like, in words of four bytes: which node is the root and how many rows it has; of each
/// input one over its width; of each leaf how many rows it is and its parent; of each row its leaf; cuts; the points of
/// the leaves; and the boxes around what is below each cut, lows and highs. A node below `samples` is a leaf, the
/// others are cuts. Leaves and cuts without rows are free.
struct random_cut_layout {
  std::size_t inputs = 0;
  std::size_t samples = 0; ///< rows at most, 2 at least

  struct head {
    std::uint32_t root;
    std::uint32_t rows; ///< 0: there is no root
  };
  struct leaf {
    std::uint32_t mass;
    std::uint32_t parent; ///< of the root nothing
  };
  struct cut {
    std::uint32_t mass;
    std::uint32_t parent;
    std::uint32_t left; ///< where the input is `value` at most
    std::uint32_t right;
    std::uint32_t input;
    float value;
  };

  std::size_t scale_begin() const noexcept { return sizeof(head) / 4; }
  std::size_t leaf_begin() const noexcept { return scale_begin() + inputs; }
  std::size_t sample_begin() const noexcept { return leaf_begin() + samples * sizeof(leaf) / 4; }
  std::size_t cut_begin() const noexcept { return sample_begin() + samples; }
  std::size_t point_begin() const noexcept { return cut_begin() + (samples - 1) * sizeof(cut) / 4; }
  std::size_t box_begin() const noexcept { return point_begin() + samples * inputs; }
  /// Of a tree, a multiple of 8.
  std::size_t bytes() const noexcept { return (box_begin() + 2 * (samples - 1) * inputs + 1) / 2 * 8; }
};

/// How far a row is outside of a box, and how large the box is, in widths of all rows of the tree. Of a row that is not
/// outside both are 0.
struct random_cut_measure {
  float outside = 0;
  float inside = 0;
};

/// A view of such a tree (Guha, Mishra, Roy and Schrijvers 2016): the box around its rows is cut in two at random, each
/// input as probable as it is wide, and so on until each row is alone. A row that comes or goes makes the tree what it
/// would have become with or without that row. Inputs are measured in widths of the box around all rows, so units do
/// not matter. An input that is the same in all rows is cut as soon as a row differs.
class random_cut_tree {
public:
  /// Values from -1e38 to 1e38, so that their differences are finite.
  static constexpr float most_value = 1e38f;

  random_cut_tree(std::byte* bytes, const random_cut_layout& layout) noexcept :
      words_{reinterpret_cast<std::uint32_t*>(bytes)}, layout_{&layout} {}

  std::size_t rows() const noexcept { return head().rows; }

  /// @pre rows() < samples  @param seed of what is random
  void insert(const float* row, std::uint64_t seed) noexcept;
  /// @param sample below rows(); the last one takes its place
  void remove(std::size_t sample) noexcept;

  /// Of the collusive displacement d that a row would have, were it inserted, log2(1 + d), as is to be expected over
  /// the random cuts: d is how many others it, or each of those that are with it, would make deeper. From 0 to log2(1 +
  /// rows). @pre rows() is not 0
  double displacement(const float* row) const noexcept {
    return walk(row, [](std::size_t, double) {});
  }

  /// Adds what each input has done to the displacement. @param into as many as inputs
  void attribute(const float* row, std::span<double> into) const noexcept;

  bool valid() const;

private:
  using leaf = random_cut_layout::leaf;
  using cut = random_cut_layout::cut;

  random_cut_layout::head& head() const noexcept { return *reinterpret_cast<random_cut_layout::head*>(words_); }
  float* numbers(std::size_t begin) const noexcept { return reinterpret_cast<float*>(words_) + begin; }
  float* scale() const noexcept { return numbers(layout_->scale_begin()); }
  leaf& leaf_at(std::size_t number) const noexcept {
    return reinterpret_cast<leaf*>(words_ + layout_->leaf_begin())[number];
  }
  std::uint32_t& sample(std::size_t number) const noexcept { return words_[layout_->sample_begin() + number]; }
  cut& cut_at(std::size_t node) const noexcept {
    return reinterpret_cast<cut*>(words_ + layout_->cut_begin())[node - layout_->samples];
  }
  bool is_leaf(std::size_t node) const noexcept { return node < layout_->samples; }
  std::uint32_t& mass(std::size_t node) const noexcept {
    return is_leaf(node) ? leaf_at(node).mass : cut_at(node).mass;
  }
  std::uint32_t& parent(std::size_t node) const noexcept {
    return is_leaf(node) ? leaf_at(node).parent : cut_at(node).parent;
  }
  float* low(std::size_t node) const noexcept {
    return is_leaf(node) ? numbers(layout_->point_begin()) + node * layout_->inputs
                         : numbers(layout_->box_begin()) + 2 * (node - layout_->samples) * layout_->inputs;
  }
  float* high(std::size_t node) const noexcept { return low(node) + (is_leaf(node) ? 0 : layout_->inputs); }

  /// Of an input, in widths; a large number where that is the same in all rows.
  float outside(std::size_t node, const float* row, std::size_t input) const noexcept {
    const auto by = std::max(std::max(low(node)[input] - row[input], row[input] - high(node)[input]), 0.f);
    return std::min(by * scale()[input], most_outside);
  }
  random_cut_measure measure(std::size_t node, const float* row) const noexcept;

  /// Calls visit(node, what one width outside of it adds to the displacement) on the way down.
  template <class Visit>
  double walk(const float* row, Visit visit) const noexcept {
    double reach = 1, colluding = 0, sum = 0;
    for (std::size_t node = head().root;;) {
      if (!is_leaf(node)) // one of the two is next
        for (const auto below : {cut_at(node).left, cut_at(node).right}) {
          __builtin_prefetch(low(below));
          __builtin_prefetch(high(below));
          __builtin_prefetch(&mass(below));
        }
      const auto [outside, inside] = measure(node, row);
      if (outside > 0) {
        const auto all = static_cast<double>(outside) + static_cast<double>(inside);
        const auto gained = reach * std::log2(1 + std::max<double>(mass(node), colluding)) / all;
        visit(node, gained);
        sum += gained * static_cast<double>(outside);
        reach *= static_cast<double>(inside) / all;
      }
      if (is_leaf(node) || reach < least_reach)
        return sum + reach * std::log2(1 + colluding);
      const auto& at = cut_at(node);
      const bool is_left = row[at.input] <= at.value;
      const auto other = mass(is_left ? at.right : at.left);
      node = is_left ? at.left : at.right;
      colluding = std::max(colluding, other / (mass(node) + 1.0));
    }
  }

  std::size_t drawn_input(std::size_t node, const float* row, double rest) const noexcept;
  void cut_off(std::size_t node, const float* row, std::size_t input, double share) noexcept;
  void join(std::size_t number) noexcept;
  void put(std::uint32_t above, std::size_t old, std::size_t now) noexcept;
  void find_box(std::size_t node) noexcept;
  void find_scale() noexcept;
  bool is_tree(std::size_t nodes) const;

  static constexpr float most_outside = 1e6f;
  static constexpr double least_reach = 0.01; ///< a way that is taken less often is not followed

  std::uint32_t* words_;
  const random_cut_layout* layout_;
};

} // namespace weir::models::online
