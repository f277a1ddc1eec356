#pragma once

#include "models/tree_walk.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::models::test {

/// What a tree says when only the features of `known` are: the definition of path-dependent SHAP values (Lundberg,
/// Erion and Lee 2018, algorithm 1). @param known a bit for each feature that the trees compare
inline double expectation(const tree_ensemble& of, std::size_t tree, std::uint32_t at, const std::vector<double>& row,
                          unsigned known, std::size_t output) {
  const auto& node = of.trees[tree][at];
  if (node.is_leaf()) {
    double sum = 0;
    for (const auto& [k, value] : of.leaf(node.leaf))
      sum += k == output ? value : 0;
    return sum;
  }
  if ((known >> node.feature & 1u) != 0)
    return expectation(of, tree, goes_left(of, node, row[node.feature]) ? node.left : node.right, row, known, output);
  const auto& covers = of.covers[tree];
  const auto all = static_cast<double>(covers[at]);
  double sum = 0;
  for (const auto child : {node.left, node.right})
    if (covers[child] > 0)
      sum += static_cast<double>(covers[child]) / all * expectation(of, tree, child, row, known, output);
  return sum;
}

/// The sum over all trees.
inline double expectation(const tree_ensemble& of, const std::vector<double>& row, unsigned known, std::size_t output) {
  double sum = 0;
  for (std::size_t t = 0; t < of.trees.size(); ++t)
    sum += expectation(of, t, 0, row, known, output);
  return sum;
}

/// Shapley's formula over all subsets of the other features.
inline double value_by_definition(const tree_ensemble& of, const std::vector<double>& row, std::size_t feature,
                                  std::size_t output) {
  const auto features = row.size();
  const auto factorial = [](std::size_t n) { return std::tgamma(static_cast<double>(n) + 1); };
  double sum = 0;
  for (unsigned known = 0; known < (1u << features); ++known) {
    if ((known >> feature & 1u) != 0)
      continue;
    const auto size = static_cast<std::size_t>(std::popcount(known));
    const auto weight = factorial(size) * factorial(features - size - 1) / factorial(features);
    sum += weight * (expectation(of, row, known | 1u << feature, output) - expectation(of, row, known, output));
  }
  return sum;
}

} // namespace weir::models::test
