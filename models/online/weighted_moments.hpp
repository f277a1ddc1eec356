#pragma once

#include "models/online/sums.hpp"

#include <algorithm>

namespace weir::models::online {

/// Weight, mean and spread of values that count more or less (West 1979): plain, all zero when empty.
struct weighted_moments {
  double weight;
  double mean;
  double squares; ///< sum of squares around the mean

  /// Sample variance, 0 of a weight up to 1.
  double variance() const noexcept { return weight > 1 ? std::max(squares, 0.0) / (weight - 1) : 0; }

  weighted_moments with(double x, double count) const noexcept {
    const auto next_weight = weight + count;
    const auto next_mean = mean + (x - mean) * count / next_weight;
    return {next_weight, next_mean, squares + count * (x - mean) * (x - next_mean)};
  }

  /// Together with others (Chan, Golub and LeVeque 1979).
  weighted_moments and_also(const weighted_moments& more) const noexcept {
    if (!(more.weight > 0))
      return *this;
    if (!(weight > 0))
      return more;
    const auto sum = weight + more.weight;
    const auto distance = more.mean - mean;
    return {sum, mean + distance * (more.weight / sum),
            squares + more.squares + distance * distance * (weight * more.weight / sum)};
  }

  /// Without a part of them.
  weighted_moments without(const weighted_moments& part) const noexcept {
    const auto left = weight - part.weight;
    if (!(left > 0))
      return {};
    const auto left_mean = (weight * mean - part.weight * part.mean) / left;
    const auto distance = left_mean - part.mean;
    return {left, left_mean, squares - part.squares - distance * distance * (left * part.weight / weight)};
  }

  /// As is_wrong() of a number.
  unsigned wrong() const noexcept { return is_wrong(weight) | is_wrong(mean) | is_wrong(squares); }
};

static_assert(sizeof(weighted_moments) == 3 * sizeof(double));

} // namespace weir::models::online
