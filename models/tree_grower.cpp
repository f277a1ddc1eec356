#include "models/tree_grower.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::models {

tree_grower::tree_grower(const std::vector<feature_bins>& bins, const std::vector<double>& targets,
                         const forest_options& options) :
    bins_{bins},
    targets_{targets}, options_{options}, features_of_split_{std::max<std::size_t>(
                                              1, static_cast<std::size_t>(options.max_features
                                                                          * static_cast<double>(bins.size())))},
    order_(bins.size()), sums_(feature_bins::max_bins) {}

tree_grower::grown_tree tree_grower::grow(std::uint64_t seed) {
  random_.seed(seed);
  for (std::uint32_t i = 0; i < order_.size(); ++i)
    order_[i] = i;
  draw();

  grown_tree made;
  made.nodes.emplace_back();
  std::vector<open_node> open{{0, 0, samples_.size(), 0}};
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    const auto all = add_up(node);
    const auto found = is_leaf(node, all) ? std::nullopt : find_split(node, all);
    if (!found) {
      made.nodes[node.at].leaf = static_cast<std::uint32_t>(made.leaf_means.size());
      made.leaf_means.push_back(all.target / all.count);
      continue;
    }
    const auto middle = partition(node, *found);
    const auto left = static_cast<std::uint32_t>(made.nodes.size());
    made.nodes.resize(made.nodes.size() + 2);
    auto& into = made.nodes[node.at];
    into.threshold = bins_[found->feature].threshold(found->last_left, found->first_right);
    into.feature = found->feature;
    into.left = left;
    into.right = left + 1;
    open.push_back({left + 1, middle, node.end, node.depth + 1});
    open.push_back({left, node.begin, middle, node.depth + 1});
  }
  return made;
}

/// Rows in ascending order, each once with how often it was drawn.
void tree_grower::draw() {
  const auto rows = targets_.size();
  std::vector<std::uint32_t> counts(rows, options_.bootstrap ? 0 : 1);
  if (options_.bootstrap)
    for (std::size_t i = 0; i < rows; ++i)
      ++counts[below(rows)];
  samples_.clear();
  for (std::uint32_t row = 0; row < rows; ++row)
    if (counts[row] > 0)
      samples_.push_back({row, counts[row], targets_[row]});
}

/// From 0 to bound - 1, the same with every library (Lemire 2019, without its correction: the bias is bound / 2^32).
std::size_t tree_grower::below(std::size_t bound) {
  return static_cast<std::size_t>((random_() >> 32) * bound >> 32);
}

tree_grower::totals tree_grower::add_up(const open_node& node) const {
  totals all;
  const auto first = samples_[node.begin].target;
  for (auto i = node.begin; i < node.end; ++i) {
    const auto count = static_cast<double>(samples_[i].count);
    all.count += count;
    all.target += count * samples_[i].target;
    all.is_pure = all.is_pure && samples_[i].target == first;
  }
  return all;
}

bool tree_grower::is_leaf(const open_node& node, const totals& all) const {
  return all.is_pure || (options_.max_depth != 0 && node.depth == options_.max_depth)
         || all.count < static_cast<double>(options_.min_samples_split)
         || all.count < 2 * static_cast<double>(options_.min_samples_leaf);
}

/// Among features in random order: as many as the options say, and more while none of them can split the node.
std::optional<tree_grower::split> tree_grower::find_split(const open_node& node, const totals& all) {
  split best;
  bool has_best = false;
  for (std::size_t i = 0; i < order_.size() && (i < features_of_split_ || !has_best); ++i) {
    std::swap(order_[i], order_[i + below(order_.size() - i)]);
    has_best |= improve(best, has_best, order_[i], node, all);
  }
  return has_best ? std::optional{best} : std::nullopt;
}

/// The variance within both sides is least where sum(left)^2 / n(left) + sum(right)^2 / n(right) is largest.
bool tree_grower::improve(split& best, bool has_best, std::uint32_t feature, const open_node& node, const totals& all) {
  const auto* codes = bins_[feature].codes().data();
  occupied_.clear();
  for (auto i = node.begin; i < node.end; ++i) {
    const auto& s = samples_[i];
    auto& sum = sums_[codes[s.row]];
    if (sum.count == 0)
      occupied_.push_back(codes[s.row]);
    const auto count = static_cast<double>(s.count);
    sum.count += count;
    sum.target += count * s.target;
  }
  std::sort(occupied_.begin(), occupied_.end());

  bool improved = false;
  const auto least = static_cast<double>(options_.min_samples_leaf);
  bin_sum left;
  for (std::size_t i = 0; i < occupied_.size(); ++i) {
    const auto sum = std::exchange(sums_[occupied_[i]], {});
    left.count += sum.count;
    left.target += sum.target;
    const bin_sum right{all.count - left.count, all.target - left.target};
    if (i + 1 == occupied_.size() || left.count < least || right.count < least)
      continue;
    const auto score = left.target * left.target / left.count + right.target * right.target / right.count;
    if (score > best.score || !(has_best || improved)) {
      best = {feature, occupied_[i], occupied_[i + 1], score};
      improved = true;
    }
  }
  return improved;
}

/// Left samples before right ones, both still in ascending order of their rows; says where the right ones begin.
std::size_t tree_grower::partition(const open_node& node, const split& by) {
  const auto* codes = bins_[by.feature].codes().data();
  right_.clear();
  auto into = node.begin;
  for (auto i = node.begin; i < node.end; ++i)
    if (codes[samples_[i].row] <= by.last_left)
      samples_[into++] = samples_[i];
    else
      right_.push_back(samples_[i]);
  std::copy(right_.begin(), right_.end(), samples_.begin() + static_cast<std::ptrdiff_t>(into));
  return into;
}

} // namespace weir::models
