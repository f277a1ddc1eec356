#include "models/forest.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <string>
#include <utility>

namespace weir::models {

namespace {

/// A tree becomes a heap while that has at most so many words a leaf.
constexpr std::size_t heap_words_per_leaf = 5;
constexpr std::uint32_t deepest_heap = 16;

/// Codes of a block of groups stay within this, so that they and a tree fit the first cache.
constexpr std::size_t block_bytes = 20u << 10;
constexpr std::size_t max_groups = 16;

std::uint32_t levels_of(const decision_tree& tree) {
  std::uint32_t deepest = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{0, 0}};
  while (!open.empty()) {
    const auto [at, level] = open.back();
    open.pop_back();
    deepest = std::max(deepest, level);
    if (!tree[at].is_leaf()) {
      open.emplace_back(tree[at].left, level + 1);
      open.emplace_back(tree[at].right, level + 1);
    }
  }
  return deepest;
}

} // namespace

class forest_builder {
public:
  explicit forest_builder(const tree_ensemble& from) : from_{from} {}

  core::result<forest> run() {
    made_.features_ = from_.features;
    made_.outputs_ = from_.outputs;
    if (from_.outputs != 1)
      made_.leaf_values_ = from_.leaf_values;
    make_channels();
    if (made_.channels_.size() > walk::max_channels)
      return core::fail("the trees use too many features: at most " + std::to_string(walk::max_channels), {},
                        "train with fewer features");
    for (const auto& tree : from_.trees)
      add(tree);
    return std::move(made_);
  }

private:
  using key = std::pair<std::uint32_t, bool>;

  static key key_of(const tree_node& node) { return {node.feature, node.missing_goes_left}; }

  /// One for each feature, two where NaN goes both ways, more where there are very many thresholds.
  void make_channels() {
    for (const auto& tree : from_.trees)
      for (const auto& node : tree)
        if (!node.is_leaf())
          thresholds_[key_of(node)].push_back(node.threshold);
    for (auto& [of, thresholds] : thresholds_) {
      std::sort(thresholds.begin(), thresholds.end());
      thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
      first_channel_[of] = made_.channels_.size();
      for (std::size_t begin = 0; begin < thresholds.size(); begin += walk::max_thresholds) {
        const auto end = std::min(begin + walk::max_thresholds, thresholds.size());
        made_.channels_.push_back({of.first, of.second, {thresholds.data() + begin, thresholds.data() + end}});
      }
    }
  }

  std::uint32_t split(const tree_node& node) const {
    const auto& all = thresholds_.at(key_of(node));
    const auto at = static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), node.threshold) - all.begin());
    return walk::split(first_channel_.at(key_of(node)) + at / walk::max_thresholds, at % walk::max_thresholds + 1);
  }

  std::uint32_t leaf_word(const tree_node& node) const {
    return from_.outputs == 1 ? std::bit_cast<std::uint32_t>(from_.leaf_values[node.leaf]) : node.leaf;
  }

  void add(const decision_tree& tree) {
    const auto levels = levels_of(tree);
    const auto is_heap =
        levels <= walk::top_levels
        || (levels <= deepest_heap && (std::size_t{2} << levels) <= heap_words_per_leaf * ((tree.size() + 1) / 2));
    const auto heap_levels = is_heap ? std::max(levels, walk::top_levels) : walk::top_levels;
    const auto begin = made_.words_.size();
    made_.words_.resize(begin + (std::size_t{2} << heap_levels));
    made_.trees_.push_back({begin, std::max(levels, walk::top_levels), !is_heap});
    place(tree, 0, begin, 1, heap_levels, is_heap);
  }

  /// Puts the subtree of node `from` into the heap from word `at` on, `levels` levels above the heap's leaves.
  void place(const decision_tree& tree, std::uint32_t from, std::size_t begin, std::size_t at, std::uint32_t levels,
             bool is_heap) {
    const auto& node = tree[from];
    auto& word = made_.words_[begin + at];
    if (levels == 0) {
      word = is_heap ? leaf_word(node) : link(tree, from);
    } else {
      word = node.is_leaf() ? walk::split(0, walk::always_left) : split(node);
      place(tree, node.is_leaf() ? from : node.left, begin, 2 * at + 1, levels - 1, is_heap);
      place(tree, node.is_leaf() ? from : node.right, begin, 2 * at, levels - 1, is_heap);
    }
  }

  /// Puts the subtree of node `root` behind the linked nodes, level by level, and says where it begins.
  std::uint32_t link(const decision_tree& tree, std::uint32_t root) {
    const auto first = static_cast<std::uint32_t>(made_.nodes_.size());
    std::vector<std::uint32_t> sources{root};
    made_.nodes_.emplace_back();
    made_.node_leaves_.emplace_back();
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto& node = tree[sources[i]];
      const auto at = first + i;
      if (node.is_leaf()) {
        made_.nodes_[at] = {walk::split(0, walk::always_right), static_cast<std::uint32_t>(at)};
        made_.node_leaves_[at] = leaf_word(node);
        continue;
      }
      made_.nodes_[at] = {split(node), static_cast<std::uint32_t>(made_.nodes_.size())};
      made_.nodes_.resize(made_.nodes_.size() + 2);
      made_.node_leaves_.resize(made_.nodes_.size());
      sources.insert(sources.end(), {node.right, node.left});
    }
    return first;
  }

  const tree_ensemble& from_;
  forest made_;
  std::map<key, std::vector<float>> thresholds_;
  std::map<key, std::size_t> first_channel_;
};

core::result<forest> forest::make(const tree_ensemble& ensemble) {
  return forest_builder{ensemble}.run();
}

void forest::predict(const float* columns, std::size_t stride, std::size_t rows, double* sums) const {
  static const auto functions = walk::choose();
  predict(columns, stride, rows, sums, functions);
}

void forest::predict(const float* columns, std::size_t stride, std::size_t rows, double* sums,
                     const walk::functions& walk) const {
  const auto group_codes = std::max<std::size_t>(channels_.size(), 1) * group_size;
  const auto groups = std::clamp<std::size_t>(block_bytes / (group_codes * sizeof(std::uint16_t)), 1, max_groups);
  thread_local std::vector<std::uint16_t> codes;
  if (codes.size() < groups * group_codes)
    codes.resize(groups * group_codes);
  std::fill_n(sums, rows * outputs_, 0.0);

  for (std::size_t begin = 0; begin < rows; begin += groups * group_size) {
    const auto block = std::min(groups * group_size, rows - begin);
    for (std::size_t row = 0; row < block; row += group_size)
      encode(columns + begin + row, stride, std::min(group_size, block - row),
             codes.data() + row * (group_codes / group_size), walk);
    for (const auto& t : trees_)
      for (std::size_t row = 0; row < block; row += group_size)
        add_leaves(t, codes.data() + row * (group_codes / group_size), std::min(group_size, block - row),
                   sums + (begin + row) * outputs_, walk);
  }
}

void forest::encode(const float* columns, std::size_t stride, std::size_t rows, std::uint16_t* codes,
                    const walk::functions& walk) const {
  std::array<float, group_size> padded{};
  for (const auto& c : channels_) {
    const auto* values = columns + c.feature * stride;
    if (rows < group_size) {
      std::copy_n(values, rows, padded.begin());
      values = padded.data();
    }
    walk.encode(c.thresholds.data(), c.thresholds.size(), values, codes);
    for (std::size_t r = 0; r < rows && !c.missing_goes_left; ++r)
      if (values[r] != values[r])
        codes[r] = static_cast<std::uint16_t>(c.thresholds.size());
    codes += group_size;
  }
}

void forest::add_leaves(const tree& t, const std::uint16_t* codes, std::size_t rows, double* sums,
                        const walk::functions& walk) const {
  std::array<std::uint32_t, group_size> leaves;
  const auto* heap = words_.data() + t.begin;
  if (t.is_linked) {
    walk.linked(heap, nodes_.data(), t.levels, codes, leaves.data());
    for (auto& leaf : leaves)
      leaf = node_leaves_[leaf];
  } else {
    walk.heap(heap, t.levels, codes, leaves.data());
  }
  if (outputs_ == 1) {
    for (std::size_t r = 0; r < rows; ++r)
      sums[r] += static_cast<double>(std::bit_cast<float>(leaves[r]));
    return;
  }
  for (std::size_t r = 0; r < rows; ++r) {
    const auto* values = leaf_values_.data() + leaves[r] * outputs_;
    for (std::size_t k = 0; k < outputs_; ++k)
      sums[r * outputs_ + k] += static_cast<double>(values[k]);
  }
}

std::size_t forest::footprint() const noexcept {
  auto bytes = words_.capacity() * sizeof(words_[0]) + nodes_.capacity() * (sizeof(nodes_[0]) + sizeof(node_leaves_[0]))
               + leaf_values_.capacity() * sizeof(float) + trees_.capacity() * sizeof(tree);
  for (const auto& c : channels_)
    bytes += c.thresholds.capacity() * sizeof(float);
  return bytes;
}

} // namespace weir::models
