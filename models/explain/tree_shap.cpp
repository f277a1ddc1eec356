#include "models/explain/tree_shap.hpp"

#include "models/tree_walk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::models {

namespace {

/// A feature on the way from the root to a node.
struct path_element {
  std::uint32_t column = 0;
  double zero = 0;   ///< share of the ways that go on when the feature is not known
  double one = 0;    ///< 1 when the row goes on, else 0
  double weight = 0; ///< of the subsets of as many features as stand in front of it
};

/// Where a path begins, which has no feature.
constexpr std::uint32_t no_column = ~std::uint32_t{0};

/// Walks one tree with one row.
template <class T>
class explanation {
public:
  explanation(const tree_ensemble& of, std::size_t tree, const T* const* columns, std::size_t row,
              std::vector<std::vector<path_element>>& paths) :
      of_{of},
      tree_{of.trees[tree]}, covers_{of.covers[tree]}, columns_{columns}, row_{row}, paths_{paths} {}

  /// @param add called with column, output and what is to be added
  template <class Add>
  void run(Add add) {
    paths_[0].clear();
    walk(0, 0, 1, 1, no_column, add);
  }

private:
  template <class Add>
  void walk(std::uint32_t at, std::size_t depth, double zero, double one, std::uint32_t column, Add add) {
    if (zero == 0 && one == 0)
      return; // no row of the training data went here, nor does this one
    auto& path = paths_[depth];
    extend(path, zero, one, column);
    const auto& node = tree_[at];
    if (node.is_leaf()) {
      for (std::size_t i = 1; i < path.size(); ++i) {
        const auto share = sum_without(path, i) * (path[i].one - path[i].zero);
        for (const auto& [output, value] : of_.leaf(node.leaf))
          add(path[i].column, output, share * value);
      }
      return;
    }
    const auto is_left = goes_left(of_, node, columns_[node.feature][row_]);
    const auto hot = is_left ? node.left : node.right;
    const auto cold = is_left ? node.right : node.left;
    double zero_before = 1, one_before = 1;
    const auto known =
        std::find_if(path.begin() + 1, path.end(), [&](const auto& element) { return element.column == node.feature; });
    if (known != path.end()) {
      zero_before = known->zero;
      one_before = known->one;
      unwind(path, static_cast<std::size_t>(known - path.begin()));
    }
    const auto share_of = [&](std::uint32_t child) {
      return covers_[at] > 0 ? static_cast<double>(covers_[child]) / static_cast<double>(covers_[at]) : 0.0;
    };
    auto& next = paths_[depth + 1];
    next = path;
    walk(hot, depth + 1, zero_before * share_of(hot), one_before, node.feature, add);
    next = path;
    walk(cold, depth + 1, zero_before * share_of(cold), 0, node.feature, add);
  }

  static void extend(std::vector<path_element>& path, double zero, double one, std::uint32_t column) {
    const auto depth = path.size();
    path.push_back({column, zero, one, depth == 0 ? 1.0 : 0.0});
    const auto length = static_cast<double>(depth + 1);
    for (auto i = depth; i-- > 0;) {
      path[i + 1].weight += one * path[i].weight * static_cast<double>(i + 1) / length;
      path[i].weight = zero * path[i].weight * static_cast<double>(depth - i) / length;
    }
  }

  /// Takes an element out, as if it had never been added.
  static void unwind(std::vector<path_element>& path, std::size_t index) {
    const auto depth = path.size() - 1;
    const auto [column, zero, one, weight] = path[index];
    const auto length = static_cast<double>(depth + 1);
    auto next = path[depth].weight;
    for (auto i = depth; i-- > 0;) {
      if (one != 0) {
        const auto before = path[i].weight;
        path[i].weight = next * length / (static_cast<double>(i + 1) * one);
        next = before - path[i].weight * zero * static_cast<double>(depth - i) / length;
      } else {
        path[i].weight = path[i].weight * length / (zero * static_cast<double>(depth - i));
      }
    }
    for (auto i = index; i < depth; ++i) {
      path[i].column = path[i + 1].column;
      path[i].zero = path[i + 1].zero;
      path[i].one = path[i + 1].one;
    }
    path.pop_back();
  }

  /// The sum of all weights after unwind(path, index), without a copy.
  static double sum_without(const std::vector<path_element>& path, std::size_t index) {
    const auto depth = path.size() - 1;
    const auto length = static_cast<double>(depth + 1);
    const auto zero = path[index].zero;
    const auto one = path[index].one;
    auto next = path[depth].weight;
    double sum = 0;
    for (auto i = depth; i-- > 0;) {
      if (one != 0) {
        const auto part = next * length / (static_cast<double>(i + 1) * one);
        sum += part;
        next = path[i].weight - part * zero * static_cast<double>(depth - i) / length;
      } else if (zero != 0) {
        sum += path[i].weight * length / (zero * static_cast<double>(depth - i));
      }
    }
    return sum;
  }

  const tree_ensemble& of_;
  const decision_tree& tree_;
  const std::vector<float>& covers_;
  const T* const* columns_;
  std::size_t row_;
  std::vector<std::vector<path_element>>& paths_; ///< one for each depth
};

std::size_t depth_of(const decision_tree& tree) {
  std::vector<std::pair<std::uint32_t, std::size_t>> open{{0, 0}};
  std::size_t deepest = 0;
  while (!open.empty()) {
    const auto [at, depth] = open.back();
    open.pop_back();
    deepest = std::max(deepest, depth);
    if (!tree[at].is_leaf())
      open.insert(open.end(), {{tree[at].left, depth + 1}, {tree[at].right, depth + 1}});
  }
  return deepest;
}

} // namespace

bool has_covers(const tree_ensemble& ensemble) {
  if (ensemble.covers.size() != ensemble.trees.size())
    return false;
  for (std::size_t t = 0; t < ensemble.trees.size(); ++t) {
    const auto& tree = ensemble.trees[t];
    const auto& covers = ensemble.covers[t];
    if (covers.size() != tree.size() || !(covers.front() > 0))
      return false;
    for (std::size_t i = 0; i < tree.size(); ++i) {
      if (tree[i].is_leaf())
        continue;
      const auto parent = static_cast<double>(covers[i]);
      const auto children = static_cast<double>(covers[tree[i].left]) + static_cast<double>(covers[tree[i].right]);
      if (!(parent >= 0) || !(covers[tree[i].left] >= 0) || !(covers[tree[i].right] >= 0)
          || std::abs(parent - children) > 1e-3 * parent)
        return false;
    }
  }
  return true;
}

tree_shap::tree_shap(tree_ensemble ensemble, std::vector<std::uint32_t> features, std::size_t count) :
    ensemble_{std::move(ensemble)}, features_{std::move(features)}, count_{count}, expected_(ensemble_.outputs) {
  if (ensemble_.aggregate == aggregation::average)
    scale_ = 1 / static_cast<double>(ensemble_.trees.size());
  for (std::size_t t = 0; t < ensemble_.trees.size(); ++t) {
    const auto& tree = ensemble_.trees[t];
    depth_ = std::max(depth_, depth_of(tree));
    for (std::size_t i = 0; i < tree.size(); ++i)
      if (tree[i].is_leaf())
        for (const auto& [output, value] : ensemble_.leaf(tree[i].leaf))
          expected_[output] += scale_ * value * static_cast<double>(ensemble_.covers[t][i])
                               / static_cast<double>(ensemble_.covers[t].front());
  }
}

core::result<tree_shap> tree_shap::make(tree_ensemble ensemble, std::vector<std::uint32_t> features,
                                        std::size_t count) {
  if (ensemble.aggregate == aggregation::min || ensemble.aggregate == aggregation::max)
    return core::fail("trees of which the least or the largest counts cannot be explained");
  if (!has_covers(ensemble))
    return core::fail("the model's file does not say how many rows of the training data went through each node", {},
                      "put them into 'nodes_hitrates': docs/models.md shows how; files of 'weir train' have them");
  return tree_shap{std::move(ensemble), std::move(features), count};
}

template <class T>
void tree_shap::explain(const T* const* columns, std::size_t rows, double* const* values) const {
  thread_local std::vector<std::vector<path_element>> paths;
  if (paths.size() < depth_ + 1)
    paths.resize(depth_ + 1);
  for (std::size_t i = 0; i < count_ * outputs(); ++i)
    std::fill_n(values[i], rows, 0.0);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t t = 0; t < ensemble_.trees.size(); ++t)
      explanation<T>{ensemble_, t, columns, row, paths}.run(
          [&](std::uint32_t column, std::uint32_t output, double value) {
            values[output * count_ + features_[column]][row] += scale_ * value;
          });
}

template void tree_shap::explain(const float* const*, std::size_t, double* const*) const;
template void tree_shap::explain(const double* const*, std::size_t, double* const*) const;

} // namespace weir::models
