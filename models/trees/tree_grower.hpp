#pragma once

#include "models/trees/binned_features.hpp"
#include "models/trees/growth.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace weir::models {

/// Sums over rows, and how good they are as a node: of gradients by their square over the weight, of classes by the
/// squares of their shares (Gini). Both are what a node takes off the variance.
struct gradient_sums {
  using row = row_gradient;
  double l2 = 0;

  std::size_t size() const noexcept { return 2; }
  static void add(double* sums, const row& r) noexcept {
    sums[0] += static_cast<double>(r.sum);
    sums[1] += static_cast<double>(r.weight);
  }
  static double weight(const double* sums) noexcept { return sums[1]; }
  double score(const double* sums) const noexcept { return sums[0] * sums[0] / (sums[1] + l2); }
  double value(const double* sums) const noexcept { return sums[0] / (sums[1] + l2); }
};

struct class_sums {
  using row = row_class;
  std::size_t classes = 0;

  std::size_t size() const noexcept { return classes; }
  static void add(double* sums, const row& r) noexcept { sums[r.which] += static_cast<double>(r.weight); }
  double weight(const double* sums) const noexcept {
    double all = 0;
    for (std::size_t k = 0; k < classes; ++k)
      all += sums[k];
    return all;
  }
  double score(const double* sums) const noexcept {
    double squares = 0, all = 0;
    for (std::size_t k = 0; k < classes; ++k) {
      squares += sums[k] * sums[k];
      all += sums[k];
    }
    return squares / all;
  }
};

/// Grows trees over binned features (CART, Breiman 1984), splits found in histograms. Reusable, for one thread.
/// @tparam Sums gradient_sums or class_sums
template <class Sums>
class tree_grower {
public:
  /// Both must outlive it.
  tree_grower(const binned_features& features, const growth& how, Sums sums);

  /// @param rows to learn from; afterwards those of a leaf stand side by side
  /// @param of what each row of the features brings along, whether it is among `rows` or not
  /// @param seed the same grows the same tree
  grown_tree grow(std::vector<std::uint32_t>& rows, std::span<const typename Sums::row> of, std::uint64_t seed);

private:
  using histogram = std::vector<double>; ///< feature by feature, bin by bin; the last bin is what is missing

  static constexpr std::size_t bins_of_feature = 256;
  /// Nodes of fewer rows look at their bins one by one, which is faster than a histogram of all.
  static constexpr std::size_t small_node = 512;

  using bin_set = std::bitset<bins_of_feature>;
  using bin_list = std::array<std::uint8_t, bins_of_feature>;

  struct split {
    double gain = 0;
    std::uint32_t feature = 0;
    std::uint8_t last_left = 0;
    std::uint8_t first_right = 0;
    bool missing_goes_left = false;
    std::optional<bin_set> left_bins{}; ///< of categories; nothing: those up to `last_left`
    double left_value = 0;
    double right_value = 0;
  };

  /// A node that may still be split.
  struct open_node {
    std::uint32_t at = 0;
    std::size_t begin = 0; ///< of its rows
    std::size_t end = 0;
    std::size_t depth = 0;
    std::vector<double> sums;
    double lowest = 0; ///< bounds of its value, where features are monotonic
    double highest = 0;
    std::optional<split> best;
    histogram bins; ///< empty: a small node's
    std::size_t rows() const noexcept { return end - begin; }
  };

  std::size_t below(std::size_t bound);
  double bounded_value(const double* sums, const open_node& of) const;
  bool can_split(const open_node& node) const;
  bool is_pure(const open_node& node) const;
  bool wants_histogram(const open_node& node) const { return node.rows() >= small_node && can_split(node); }
  void add_up(open_node& node) const;
  void fill(open_node& node);
  void take_rows_off(histogram& bins, const open_node& of) const;
  void find_split(open_node& node);
  void find_in_feature(open_node& node, std::uint32_t feature, const double* bins, const std::uint64_t* occupied,
                       std::optional<split>& best);
  std::size_t find_used(std::uint32_t feature, const double* bins, const std::uint64_t* occupied, bin_list& used) const;
  void find_in_categories(open_node& node, std::uint32_t feature, const double* bins, const std::uint64_t* occupied,
                          std::optional<split>& best);
  void find_in_order(open_node& node, std::uint32_t feature, const double* bins, std::span<const std::uint8_t> order,
                     std::optional<split>& best);
  void consider(const open_node& node, std::uint32_t feature, std::size_t left_bin, std::size_t right_bin,
                const double* left, bool missing_left, std::optional<split>& best);
  std::size_t partition(const open_node& node, const split& by);
  void take_histogram(histogram& into);
  void close(const open_node& node);
  void divide(open_node node, std::vector<open_node>& into);
  bool is_categorical(std::uint32_t feature) const noexcept {
    return !how_.categorical.empty() && how_.categorical[feature];
  }
  void write_split(const split& by, bool missing_goes_left, std::uint32_t left, tree_node& into);
  int direction(std::uint32_t feature) const noexcept { return how_.monotonic.empty() ? 0 : how_.monotonic[feature]; }

  const binned_features& features_;
  const growth& how_;
  Sums sums_;
  std::mt19937_64 random_;
  std::vector<std::uint32_t>* rows_ = nullptr;
  std::span<const typename Sums::row> of_;
  grown_tree made_;
  std::vector<std::uint32_t> order_; ///< of the features, shuffled from split to split
  std::vector<std::uint32_t> right_; ///< scratch of partition()
  std::vector<histogram> spare_;
  histogram one_feature_; ///< of a small node; all zero between uses
  std::vector<double> left_, right_sums_;
};

extern template class tree_grower<gradient_sums>;
extern template class tree_grower<class_sums>;

} // namespace weir::models
