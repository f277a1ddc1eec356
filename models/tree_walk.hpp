#pragma once

#include "models/tree_ensemble.hpp"

#include <algorithm>
#include <vector>

namespace weir::models {

/// Whether a value goes to the left child of a split. @param sets as in tree_ensemble
template <class T>
bool goes_left(const std::vector<std::vector<double>>& sets, const tree_node& split, T x) {
  if (x != x) // it is missing
    return split.missing_goes_left;
  switch (split.test) {
  case tree_test::less_equal: return static_cast<double>(x) <= split.threshold;
  case tree_test::equal: return static_cast<double>(x) == split.threshold;
  case tree_test::member: return std::ranges::binary_search(sets[split.set], static_cast<double>(x));
  }
  return false;
}

template <class T>
bool goes_left(const tree_ensemble& of, const tree_node& split, T x) {
  return goes_left(of.sets, split, x);
}

} // namespace weir::models
