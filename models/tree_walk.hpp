#pragma once

#include "models/tree_ensemble.hpp"

#include <algorithm>

namespace weir::models {

/// Whether a value goes to the left child of a split.
template <class T>
bool goes_left(const tree_ensemble& of, const tree_node& split, T x) {
  if (x != x) // it is missing
    return split.missing_goes_left;
  switch (split.test) {
  case tree_test::less_equal: return static_cast<double>(x) <= split.threshold;
  case tree_test::equal: return static_cast<double>(x) == split.threshold;
  case tree_test::member: return std::ranges::binary_search(of.sets[split.set], static_cast<double>(x));
  }
  return false;
}

} // namespace weir::models
