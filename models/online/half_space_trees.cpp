#include "models/online/half_space_trees.hpp"

#include "models/online/renewed_forest.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace weir::models::online {

namespace {

/// Of a part's range at either end, in which no threshold lies: river's.
constexpr double padding = 0.15;

/// What a range that is learned gets on either side, at most, in ranges.
constexpr double margin = 0.2;

/// What is left of the range of an input that was always the same, in ranges: as much as the margins are on average.
constexpr double constant_width = 0.2;

/// Windows in which each tree is renewed once, where ranges are learned.
constexpr std::uint64_t windows_of_renewal = 4;

/// The part of a window below which a part is not halved. The paper's, and a finer one for levels.
constexpr double paper_size_limit = 0.1;
constexpr double level_size_limit = 0.05;

class half_space_grower {
public:
  half_space_grower(std::size_t inputs, const half_space_options& how, std::vector<half_space_split> splits) :
      inputs_{inputs}, trees_{std::max(how.n_trees, 1u)}, height_{std::clamp(how.height, 1u, max_half_space_height)},
      window_{std::clamp(how.window_size, 2u, max_half_space_window)}, limits_{how.limits}, seed_{how.seed},
      splits_{std::move(splits)} {
    const auto share = has_limits() ? paper_size_limit : level_size_limit;
    least_ = static_cast<std::size_t>(std::ceil(share * static_cast<double>(window_)));
    least_ = std::max<std::size_t>(least_, has_limits() ? 1 : 2);
    for (std::size_t mass = 0; mass <= window_; ++mass)
      levels_.push_back(std::log2(std::max(static_cast<double>(mass), 0.5)));
  }

  bool has_limits() const noexcept { return !limits_.empty(); }

  renewed_layout layout() const noexcept {
    const auto of_a_level = window_ / least_; // that are halved
    std::size_t nodes = 1;
    for (std::uint32_t level = 0; level < height_; ++level)
      nodes += 2 * std::min<std::size_t>(of_a_level, std::size_t{1} << level);
    return {.inputs = inputs_, .kept_rows = window_, .trees = trees_, .nodes = nodes};
  }

  renewal when() const noexcept {
    return {.trees = trees_,
            .first = window_,
            .a_row = trees_,
            .period = has_limits() ? window_ : windows_of_renewal * window_,
            .is_at_once = has_limits()};
  }

  /// Of each input what is left of its range, and the order of the rows.
  std::size_t scratch_size() const noexcept { return 2 * inputs_ + (window_ + 1) / 2; }

  double score(double sum) const noexcept {
    if (!has_limits())
      return std::exp2(-sum / static_cast<double>(trees_) / std::log2(static_cast<double>(window_)));
    return 1 - sum / (static_cast<double>(trees_) * static_cast<double>(window_) * (std::exp2(height_ + 1) - 1));
  }

  /// What the step from a node to one of its children has made a row more unusual: less mass than half of it.
  double gain(const renewed_node* tree, std::size_t grandparent, std::size_t parent, std::size_t child,
              std::size_t level) const noexcept {
    const auto value = [&](std::size_t node) { return static_cast<double>(tree[node].value); };
    if (!has_limits())
      return value(parent) - value(child);
    const auto above = level == 1 ? 0 : value(grandparent);
    const auto mass = (value(parent) - above) * std::exp2(-static_cast<double>(level - 1));
    const auto left = (value(child) - value(parent)) * std::exp2(-static_cast<double>(level));
    return std::log2(std::max(mass, 0.5)) - std::log2(std::max(left, 0.5)) - 1;
  }

  bool learns_ranges() const noexcept { return !has_limits(); }

  void grow(renewed_state& at, std::size_t tree, std::size_t count, std::uint64_t number,
            double* scratch) const noexcept {
    growth of{*this, at, tree, scratch, number};
    of.draw_ranges(count);
    of.part(0, 0, 0, count, 0, 0);
  }

private:
  /// One tree that grows.
  class growth {
  public:
    growth(const half_space_grower& of, renewed_state& at, std::size_t tree, double* scratch,
           std::uint64_t number) noexcept :
        of_{&of},
        tree_{at.tree(tree)}, rows_{at.row(0)}, low_{at.low()}, high_{at.high()}, from_{scratch},
        to_{from_ + of.inputs_}, order_{reinterpret_cast<std::uint32_t*>(to_ + of.inputs_)},
        seed_{seed_of(of.seed_, static_cast<std::size_t>(number))}, which_{tree} {}

    void draw_ranges(std::size_t count) noexcept {
      for (std::size_t i = 0; i < count; ++i)
        order_[i] = static_cast<std::uint32_t>(i);
      for (std::size_t f = 0; f < of_->inputs_; ++f) {
        const bool is_constant = !(low(f) < high(f));
        from_[f] = is_constant || of_->has_limits() ? 0 : -margin * draw();
        to_[f] = is_constant ? constant_width : of_->has_limits() ? 1 : 1 + margin * draw();
      }
    }

    /// @param place of the node in a tree of full height  @param above what the nodes above have, with limits
    void part(std::size_t node, std::uint64_t place, std::size_t begin, std::size_t end, std::uint32_t level,
              double above) noexcept {
      const auto value = of_->has_limits()
                             ? above + std::ldexp(static_cast<double>(end - begin), static_cast<int>(level))
                             : level + of_->levels_[end - begin];
      tree_[node] = leaf_of(value);
      if (level == of_->height_ || end - begin < of_->least_)
        return;
      const auto input = of_->splits_.empty() ? draw_input() : split_of(place).input;
      if (input == of_->inputs_)
        return;
      const auto share = padding + (1 - 2 * padding) * draw();
      const auto at = from_[input] + (to_[input] - from_[input]) * share;
      const bool is_constant = !(low(input) < high(input));
      const auto threshold = !of_->splits_.empty() ? split_of(place).threshold
                             : is_constant         ? beside(low(input))
                                                   : between(low(input), high(input), at);
      auto* const middle = std::partition(order_ + begin, order_ + end, [&](std::uint32_t row) {
        return rows_[row * of_->inputs_ + input] < threshold;
      });
      const auto split = static_cast<std::size_t>(middle - order_);
      const auto left = used_;
      used_ += 2;
      make_test(tree_[node], input, threshold, left - node);
      const auto from = from_[input], to = to_[input];
      to_[input] = is_constant ? from : at;
      part(left, 2 * place + 1, begin, split, level + 1, value);
      to_[input] = to;
      from_[input] = is_constant ? to : at;
      part(left + 1, 2 * place + 2, split, end, level + 1, value);
      from_[input] = from;
    }

  private:
    double low(std::size_t input) const noexcept { return of_->has_limits() ? of_->limits_[input].low : low_[input]; }
    double high(std::size_t input) const noexcept {
      return of_->has_limits() ? of_->limits_[input].high : high_[input];
    }

    double draw() noexcept { return uniform_of(seed_, drawn_++); }

    const half_space_split& split_of(std::uint64_t place) const noexcept {
      return of_->splits_[which_ * ((std::size_t{1} << of_->height_) - 1) + static_cast<std::size_t>(place)];
    }

    /// As probable as what is left of its range; as many as there are inputs where nothing is.
    std::size_t draw_input() noexcept {
      double sum = 0;
      for (std::size_t f = 0; f < of_->inputs_; ++f)
        sum += to_[f] - from_[f];
      auto rest = draw() * sum;
      auto chosen = of_->inputs_;
      for (std::size_t f = 0; f < of_->inputs_ && rest >= 0; ++f) {
        const auto left = to_[f] - from_[f];
        if (left > 0)
          chosen = f;
        rest -= left;
      }
      return chosen;
    }

    /// A threshold just below or just above the one value that there is.
    double beside(double value) noexcept {
      return draw() < 0.5 ? value : std::nextafter(value, std::numeric_limits<double>::infinity());
    }

    const half_space_grower* of_;
    renewed_node* tree_;
    const double* rows_;
    const double* low_; ///< of each input the range of the rows
    const double* high_;
    double* from_; ///< and what of a range is left, 0 and 1 being its ends
    double* to_;
    std::uint32_t* order_;
    std::uint64_t seed_;
    std::size_t which_;
    std::size_t drawn_ = 0;
    std::size_t used_ = 1; ///< nodes
  };

  std::size_t inputs_;
  std::size_t trees_;
  std::uint32_t height_;
  std::size_t window_;
  std::size_t least_ = 1;      ///< rows of a part that is halved
  std::vector<double> levels_; ///< by mass, that count as so many halvings
  std::vector<input_range> limits_;
  std::uint64_t seed_;
  std::vector<half_space_split> splits_;
};

} // namespace

outlier_learner_ptr half_space_trees(std::size_t inputs, const half_space_options& how) {
  return half_space_trees(inputs, how, {});
}

outlier_learner_ptr half_space_trees(std::size_t inputs, const half_space_options& how,
                                     std::vector<half_space_split> splits) {
  return std::make_shared<renewed_forest<half_space_grower>>(half_space_grower{inputs, how, std::move(splits)});
}

} // namespace weir::models::online
