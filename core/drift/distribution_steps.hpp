#pragma once

#include "core/drift/quantile_sketch.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace weir::core {

/// Samples as steps of a distribution function: the values, and how many lie at or below each.
struct sample_steps {
  std::span<const double> values; ///< ascending

  std::size_t size() const noexcept { return values.size(); }
  double value(std::size_t i) const noexcept { return values[i]; }
  double below(std::size_t i) const noexcept { return static_cast<double>(i + 1); }
};

struct view_steps {
  const quantile_view& view;

  std::size_t size() const noexcept { return view.values.size(); }
  double value(std::size_t i) const noexcept { return view.values[i]; }
  double below(std::size_t i) const noexcept { return static_cast<double>(view.weights[i]); }
};

/// Goes through all values of both, each once, with how many of both lie at or below it.
/// @param visit (value, of one, of the other)
template <class One, class Other, class Visit>
void for_each_step(const One& one, const Other& other, Visit visit) {
  double of_one = 0, of_other = 0;
  for (std::size_t i = 0, j = 0; i < one.size() || j < other.size();) {
    const auto value = j == other.size()               ? one.value(i)
                       : i == one.size()               ? other.value(j)
                       : one.value(i) < other.value(j) ? one.value(i)
                                                       : other.value(j);
    for (; i < one.size() && one.value(i) == value; ++i)
      of_one = one.below(i);
    for (; j < other.size() && other.value(j) == value; ++j)
      of_other = other.below(j);
    visit(value, of_one, of_other);
  }
}

} // namespace weir::core
