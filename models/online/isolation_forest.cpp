#include "models/online/isolation_forest.hpp"

#include "models/online/renewed_forest.hpp"
#include "models/trees/isolation_forest.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

namespace weir::models::online {

namespace {

/// Of the first ones, that are grown behind a row.
constexpr std::uint64_t first_trees_a_row = 4;

class isolation_grower {
public:
  isolation_grower(std::size_t inputs, const isolation_forest_options& how) :
      inputs_{inputs}, trees_{std::max(how.n_estimators, 1u)},
      samples_{std::clamp(how.max_samples, 2u, max_isolation_samples)}, window_{std::max<std::size_t>(how.window_size,
                                                                                                      samples_)},
      height_{static_cast<std::size_t>(std::ceil(std::log2(samples_)))}, seed_{how.seed} {
    for (std::size_t rows = 0; rows <= samples_; ++rows)
      paths_.push_back(mean_path(rows));
  }

  static constexpr bool learns_ranges() noexcept { return true; }

  renewed_layout layout() const noexcept {
    const auto nodes = std::min(2 * samples_ - 1, (std::size_t{2} << height_) - 1);
    return {.inputs = inputs_, .kept_rows = window_, .trees = trees_, .nodes = nodes};
  }

  renewal when() const noexcept {
    return {.trees = trees_, .first = samples_, .a_row = first_trees_a_row, .period = window_};
  }

  /// Numbers of rows, and of inputs.
  std::size_t scratch_size() const noexcept { return (window_ + inputs_ + 1) / 2; }

  double score(double sum) const noexcept { return std::exp2(-sum / static_cast<double>(trees_) / paths_[samples_]); }

  /// By how much a step makes the path shorter that is to be expected.
  double gain(const renewed_node* tree, std::size_t, std::size_t parent, std::size_t child,
              std::size_t) const noexcept {
    return static_cast<double>(tree[parent].value) - static_cast<double>(tree[child].value);
  }

  void grow(renewed_state& at, std::size_t tree, std::size_t count, std::uint64_t number,
            double* scratch) const noexcept {
    growth of{*this, at, tree, scratch, number};
    of.draw_rows(count);
    of.part(0, 0, samples_, 0);
  }

private:
  /// One tree that grows.
  class growth {
  public:
    growth(const isolation_grower& of, renewed_state& at, std::size_t tree, double* scratch,
           std::uint64_t number) noexcept :
        of_{&of},
        tree_{at.tree(tree)}, rows_{at.row(0)}, order_{reinterpret_cast<std::uint32_t*>(scratch)},
        inputs_{order_ + of.window_}, seed_{seed_of(of.seed_, static_cast<std::size_t>(number))} {}

    /// The first of a shuffle.
    void draw_rows(std::size_t count) noexcept {
      std::iota(order_, order_ + count, 0u);
      for (std::size_t i = 0; i < of_->samples_; ++i)
        std::swap(order_[i], order_[i + below(count - i)]);
      std::iota(inputs_, inputs_ + of_->inputs_, 0u);
    }

    void part(std::size_t node, std::size_t begin, std::size_t end, std::size_t level) noexcept {
      tree_[node] = leaf_of(static_cast<double>(level) + of_->paths_[end - begin]);
      if (level == of_->height_ || end - begin < 2)
        return;
      for (std::size_t i = 0; i < of_->inputs_; ++i) {
        std::swap(inputs_[i], inputs_[i + below(of_->inputs_ - i)]);
        const auto input = inputs_[i];
        auto low = value(order_[begin], input), high = low;
        for (auto k = begin + 1; k < end; ++k) {
          low = std::min(low, value(order_[k], input));
          high = std::max(high, value(order_[k], input));
        }
        if (low < high)
          return split(node, begin, end, level, input, low, high);
      }
    }

  private:
    void split(std::size_t node, std::size_t begin, std::size_t end, std::size_t level, std::size_t input, double low,
               double high) noexcept {
      const auto drawn = std::min(between(low, high, uniform_of(seed_, drawn_++)), high);
      const auto threshold = drawn > low ? drawn : high; // so that both sides have rows
      auto* const middle = std::partition(order_ + begin, order_ + end,
                                          [&](std::uint32_t row) { return value(row, input) < threshold; });
      const auto left = used_;
      used_ += 2;
      make_test(tree_[node], input, threshold, left - node);
      const auto at = static_cast<std::size_t>(middle - order_);
      part(left, begin, at, level + 1);
      part(left + 1, at, end, level + 1);
    }

    double value(std::size_t row, std::size_t input) const noexcept { return rows_[row * of_->inputs_ + input]; }

    std::size_t below(std::size_t bound) noexcept {
      return static_cast<std::size_t>((seed_of(seed_, drawn_++) >> 32) * bound >> 32);
    }

    const isolation_grower* of_;
    renewed_node* tree_;
    const double* rows_;
    std::uint32_t* order_;
    std::uint32_t* inputs_;
    std::uint64_t seed_;
    std::size_t drawn_ = 0;
    std::size_t used_ = 1; ///< nodes
  };

  std::size_t inputs_;
  std::size_t trees_;
  std::size_t samples_;
  std::size_t window_;
  std::size_t height_;
  std::uint64_t seed_;
  std::vector<double> paths_; ///< by rows: how long the rest of a path is
};

} // namespace

outlier_learner_ptr isolation_forest(std::size_t inputs, const isolation_forest_options& how) {
  return std::make_shared<renewed_forest<isolation_grower>>(isolation_grower{inputs, how});
}

} // namespace weir::models::online
