#include "models/trees/tree_grower.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace weir::models {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Features whose histograms are filled at a time: together they stay in the first caches.
constexpr std::size_t together = 12;

/// Rows that are fetched before they are added.
constexpr std::size_t ahead = 16;

} // namespace

template <class Sums>
tree_grower<Sums>::tree_grower(const binned_features& features, const growth& how, Sums sums) :
    features_{features}, how_{how}, sums_{sums}, order_(features.features()),
    one_feature_(bins_of_feature * sums.size()), left_(sums.size()), right_sums_(sums.size()) {}

template <class Sums>
grown_tree tree_grower<Sums>::grow(std::vector<std::uint32_t>& rows, std::span<const typename Sums::row> of,
                                   std::uint64_t seed) {
  random_.seed(seed);
  for (std::uint32_t i = 0; i < order_.size(); ++i)
    order_[i] = i;
  rows_ = &rows;
  of_ = of;
  made_ = {};
  made_.importances.resize(features_.features());
  made_.nodes.emplace_back();

  open_node root;
  root.end = rows.size();
  root.lowest = -infinity;
  root.highest = infinity;
  add_up(root);
  made_.covers = {static_cast<float>(sums_.weight(root.sums.data()))};
  fill(root);
  find_split(root);
  std::vector<open_node> open;
  open.push_back(std::move(root));
  std::size_t leaves = 1;
  const auto gains_less = [](const open_node& a, const open_node& b) {
    return (a.best ? a.best->gain : -infinity) < (b.best ? b.best->gain : -infinity);
  };
  while (!open.empty()) {
    // with a bound on the leaves the best split of all is next, else any order makes the same tree
    if (how_.max_leaf_nodes != 0)
      std::pop_heap(open.begin(), open.end(), gains_less);
    auto node = std::move(open.back());
    open.pop_back();
    if (!node.best || (how_.max_leaf_nodes != 0 && leaves == how_.max_leaf_nodes)) {
      close(node);
      if (!node.bins.empty())
        spare_.push_back(std::move(node.bins));
      continue;
    }
    ++leaves;
    const auto before = open.size();
    divide(std::move(node), open);
    if (how_.max_leaf_nodes != 0)
      for (auto i = before + 1; i <= open.size(); ++i)
        std::push_heap(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(i), gains_less);
  }
  return std::move(made_);
}

/// From 0 to bound - 1, the same with every library (Lemire 2019, without its correction: the bias is bound / 2^32).
template <class Sums>
std::size_t tree_grower<Sums>::below(std::size_t bound) {
  return static_cast<std::size_t>((random_() >> 32) * bound >> 32);
}

template <class Sums>
void tree_grower<Sums>::add_up(open_node& node) const {
  node.sums.assign(sums_.size(), 0.0);
  for (auto i = node.begin; i < node.end; ++i)
    sums_.add(node.sums.data(), of_[(*rows_)[i]]);
}

template <class Sums>
bool tree_grower<Sums>::is_pure(const open_node& node) const {
  if constexpr (std::is_same_v<Sums, class_sums>) {
    return std::count_if(node.sums.begin(), node.sums.end(), [](double s) { return s > 0; }) < 2;
  } else {
    if (node.rows() > small_node)
      return false;
    const auto& first = of_[(*rows_)[node.begin]];
    for (auto i = node.begin + 1; i < node.end; ++i) {
      const auto& other = of_[(*rows_)[i]];
      if (other.sum * first.weight != first.sum * other.weight)
        return false;
    }
    return true;
  }
}

template <class Sums>
bool tree_grower<Sums>::can_split(const open_node& node) const {
  return (how_.max_depth == 0 || node.depth < how_.max_depth) && node.rows() >= how_.min_samples_split
         && node.rows() >= 2 * how_.min_samples_leaf && node.rows() >= 2 && !is_pure(node);
}

template <class Sums>
void tree_grower<Sums>::take_histogram(histogram& into) {
  if (!spare_.empty()) {
    into = std::move(spare_.back());
    spare_.pop_back();
  }
  into.assign(features_.features() * bins_of_feature * sums_.size(), 0.0);
}

/// Gives a node a histogram of its rows, where it wants one.
template <class Sums>
void tree_grower<Sums>::fill(open_node& node) {
  if (!wants_histogram(node))
    return;
  take_histogram(node.bins);
  const auto size = sums_.size();
  for (std::size_t first = 0; first < features_.features(); first += together) {
    const auto count = std::min(together, features_.features() - first);
    auto* const bins = node.bins.data() + first * bins_of_feature * size;
    for (auto i = node.begin; i < node.end; ++i) {
      if (i + ahead < node.end) {
        __builtin_prefetch(features_.row((*rows_)[i + ahead]) + first);
        __builtin_prefetch(&of_[(*rows_)[i + ahead]]);
      }
      const auto row = (*rows_)[i];
      const auto* codes = features_.row(row) + first;
      const auto one = of_[row];
      for (std::size_t f = 0; f < count; ++f)
        sums_.add(bins + (f * bins_of_feature + codes[f]) * size, one);
    }
  }
}

template <class Sums>
void tree_grower<Sums>::take_rows_off(histogram& bins, const open_node& of) const {
  const auto size = sums_.size();
  for (auto i = of.begin; i < of.end; ++i) {
    const auto row = (*rows_)[i];
    auto opposite = of_[row];
    opposite.weight = -opposite.weight;
    if constexpr (std::is_same_v<Sums, gradient_sums>)
      opposite.sum = -opposite.sum;
    const auto* codes = features_.row(row);
    for (std::size_t f = 0; f < features_.features(); ++f)
      sums_.add(bins.data() + (f * bins_of_feature + codes[f]) * size, opposite);
  }
}

template <class Sums>
double tree_grower<Sums>::bounded_value(const double* sums, const open_node& of) const {
  if constexpr (std::is_same_v<Sums, class_sums>)
    return 0;
  else
    return std::clamp(sums_.value(sums), of.lowest, of.highest);
}

/// Left rows before right ones, each in the order that they had; says where the right ones begin.
template <class Sums>
std::size_t tree_grower<Sums>::partition(const open_node& node, const split& by) {
  auto& rows = *rows_;
  right_.resize(std::max(right_.size(), node.rows()));
  auto* right = right_.data();
  auto* left = rows.data() + node.begin;
  for (auto i = node.begin; i < node.end; ++i) {
    const auto row = rows[i];
    const auto code = features_.row(row)[by.feature];
    const auto goes_left = code == binned_features::missing ? by.missing_goes_left
                           : by.left_bins                   ? by.left_bins->test(code)
                                                            : code <= by.last_left;
    *left = row;
    *right = row;
    left += goes_left ? 1 : 0;
    right += goes_left ? 0 : 1;
  }
  const auto middle = static_cast<std::size_t>(left - rows.data());
  std::copy(right_.data(), right, left);
  return middle;
}

template <class Sums>
void tree_grower<Sums>::close(const open_node& node) {
  made_.nodes[node.at].leaf = static_cast<std::uint32_t>(made_.leaves.size());
  auto& leaf = made_.leaves.emplace_back(grown_tree::leaf{node.begin, node.end, {}});
  if constexpr (std::is_same_v<Sums, class_sums>) {
    leaf.values = node.sums;
    const auto all = sums_.weight(node.sums.data());
    for (auto& value : leaf.values)
      value /= all;
  } else {
    leaf.values = {bounded_value(node.sums.data(), node)};
  }
}

/// @param left where the left child stands, the right one behind it
template <class Sums>
void tree_grower<Sums>::write_split(const split& by, bool missing_goes_left, std::uint32_t left, tree_node& into) {
  into.feature = by.feature;
  into.left = left;
  into.right = left + 1;
  into.missing_goes_left = missing_goes_left;
  if (!by.left_bins) {
    into.threshold = by.first_right == binned_features::missing
                         ? infinity
                         : static_cast<double>(features_.threshold(by.feature, by.last_left, by.first_right));
    return;
  }
  into.test = tree_test::member;
  into.set = static_cast<std::uint32_t>(made_.sets.size());
  auto& set = made_.sets.emplace_back();
  for (std::size_t bin = 0; bin < features_.bins(by.feature); ++bin)
    if (by.left_bins->test(bin))
      set.push_back(static_cast<double>(bin));
}

template <class Sums>
void tree_grower<Sums>::divide(open_node node, std::vector<open_node>& into) {
  const auto by = *node.best;
  const auto middle = partition(node, by);
  made_.importances[by.feature] += by.gain;
  const auto at = static_cast<std::uint32_t>(made_.nodes.size());
  made_.nodes.resize(made_.nodes.size() + 2);
  open_node left, right;
  left.at = at;
  right.at = at + 1;
  left.begin = node.begin;
  left.end = right.begin = middle;
  right.end = node.end;
  left.depth = right.depth = node.depth + 1;
  left.lowest = right.lowest = node.lowest;
  left.highest = right.highest = node.highest;
  if (const auto rises = direction(by.feature); rises != 0) {
    const auto between = (by.left_value + by.right_value) / 2;
    (rises > 0 ? left : right).highest = between;
    (rises > 0 ? right : left).lowest = between;
  }
  // what no row of the node lacks goes with the most
  auto missing_goes_left = by.missing_goes_left;
  if (!missing_goes_left && left.rows() > right.rows()) {
    const auto lacks = [&](std::size_t i) {
      return features_.row((*rows_)[i])[by.feature] == binned_features::missing;
    };
    auto i = right.begin;
    while (i < right.end && !lacks(i))
      ++i;
    missing_goes_left = i == right.end;
  }
  write_split(by, missing_goes_left, at, made_.nodes[node.at]);
  auto& smaller = left.rows() <= right.rows() ? left : right;
  auto& larger = left.rows() <= right.rows() ? right : left;
  add_up(smaller);
  larger.sums = node.sums;
  for (std::size_t k = 0; k < sums_.size(); ++k)
    larger.sums[k] -= smaller.sums[k];
  made_.covers.push_back(static_cast<float>(sums_.weight(left.sums.data())));
  made_.covers.push_back(static_cast<float>(sums_.weight(right.sums.data())));
  fill(smaller);
  if (!node.bins.empty() && wants_histogram(larger)) {
    // the larger one is the rest of the parent
    larger.bins = std::move(node.bins);
    if (smaller.bins.empty())
      take_rows_off(larger.bins, smaller);
    else
      for (std::size_t i = 0; i < larger.bins.size(); ++i)
        larger.bins[i] -= smaller.bins[i];
  } else if (!node.bins.empty()) {
    spare_.push_back(std::move(node.bins));
  }
  find_split(smaller);
  find_split(larger);
  into.push_back(std::move(left));
  into.push_back(std::move(right));
}

template class tree_grower<gradient_sums>;
template class tree_grower<class_sums>;

} // namespace weir::models
