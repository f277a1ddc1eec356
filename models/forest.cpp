#include "models/forest.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <type_traits>
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
    if (from_.aggregate != aggregation::sum && from_.aggregate != aggregation::average)
      return core::fail("the trees are not summed up");
    for (const auto& tree : from_.trees)
      for (const auto& node : tree)
        if (!node.is_leaf() && node.test != tree_test::less_equal)
          sets_[key_of(node)].push_back(set_of(node));
    made_.has_values_ = has_float_leaves();
    if (!made_.has_values_) {
      made_.leaf_begins_ = from_.leaf_begins;
      made_.leaf_values_ = from_.leaf_values;
    }
    make_channels();
    if (!add_sets())
      return core::fail("the trees test for numbers that are no small whole ones");
    if (made_.channels_.size() > walk::max_channels)
      return core::fail("the trees use too many features: at most " + std::to_string(walk::max_channels), {},
                        "train with fewer features");
    for (const auto& tree : from_.trees)
      add(tree);
    return std::move(made_);
  }

private:
  using key = std::pair<std::uint32_t, bool>;

  bool has_float_leaves() const {
    if (from_.outputs != 1 || from_.leaf_values.size() != from_.leaves())
      return false;
    for (std::size_t i = 0; i < from_.leaves(); ++i)
      if (from_.leaf(i).size() != 1)
        return false;
    return std::all_of(from_.leaf_values.begin(), from_.leaf_values.end(),
                       [](const leaf_value& v) { return static_cast<double>(static_cast<float>(v.value)) == v.value; });
  }

  static key key_of(const tree_node& node) { return {node.feature, node.missing_goes_left}; }

  /// One for each feature, two where NaN goes both ways, more where there are very many thresholds.
  void make_channels() {
    for (const auto& tree : from_.trees)
      for (const auto& node : tree)
        if (!node.is_leaf() && node.test == tree_test::less_equal)
          thresholds_[key_of(node)].push_back(node.threshold);
    for (auto& [of, thresholds] : thresholds_) {
      std::sort(thresholds.begin(), thresholds.end());
      thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
      first_channel_[of] = made_.channels_.size();
      for (std::size_t begin = 0; begin < thresholds.size(); begin += walk::max_thresholds) {
        const auto end = std::min(begin + walk::max_thresholds, thresholds.size());
        auto& made = made_.channels_.emplace_back(forest::channel{of.first, of.second});
        if (from_.compares_doubles)
          made.wide_thresholds.assign(thresholds.data() + begin, thresholds.data() + end);
        else
          for (auto i = begin; i < end; ++i)
            made.thresholds.push_back(static_cast<float>(thresholds[i]));
      }
    }
  }

  std::vector<double> set_of(const tree_node& node) const {
    return node.test == tree_test::equal ? std::vector{node.threshold} : from_.sets[node.set];
  }

  /// A channel for each chain of sets that are in each other.
  bool add_sets() {
    for (auto& [of, sets] : sets_) {
      auto chains = set_chains::make(std::move(sets));
      if (!chains)
        return false;
      first_set_channel_[of] = made_.channels_.size();
      for (const auto& chain : chains->chains())
        made_.channels_.emplace_back(forest::channel{of.first, of.second}).sets = chain;
      chains_.emplace(of, std::move(*chains));
    }
    return true;
  }

  std::uint32_t split(const tree_node& node) const {
    if (node.test != tree_test::less_equal) {
      const auto [chain, index] = chains_.at(key_of(node)).find(set_of(node));
      return walk::split(first_set_channel_.at(key_of(node)) + chain, index + 1);
    }
    const auto& all = thresholds_.at(key_of(node));
    const auto at = static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), node.threshold) - all.begin());
    return walk::split(first_channel_.at(key_of(node)) + at / walk::max_thresholds, at % walk::max_thresholds + 1);
  }

  std::uint32_t leaf_word(const tree_node& node) const {
    return made_.has_values_ ? std::bit_cast<std::uint32_t>(static_cast<float>(from_.leaf(node.leaf).front().value))
                             : node.leaf;
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
  std::map<key, std::vector<double>> thresholds_;
  std::map<key, std::size_t> first_channel_;
  std::map<key, std::vector<std::vector<double>>> sets_;
  std::map<key, set_chains> chains_;
  std::map<key, std::size_t> first_set_channel_;
};

core::result<forest> forest::make(const tree_ensemble& ensemble) {
  return forest_builder{ensemble}.run();
}

template <class T>
void forest::predict(const T* const* columns, std::size_t rows, double* const* sums) const {
  static const auto functions = walk::choose();
  predict(columns, rows, sums, functions);
}

template <class T>
void forest::predict(const T* const* columns, std::size_t rows, double* const* sums,
                     const walk::functions& walk) const {
  for (std::size_t k = 0; k < outputs_; ++k)
    std::fill_n(sums[k], rows, 0.0);
  if (rows < least_group) {
    for (std::size_t row = 0; row < rows; ++row)
      predict_row(columns, row, sums);
    return;
  }
  const auto group_codes = std::max<std::size_t>(channels_.size(), 1) * group_size;
  const auto groups = std::clamp<std::size_t>(block_bytes / (group_codes * sizeof(std::uint16_t)), 1, max_groups);
  thread_local std::vector<std::uint16_t> codes;
  if (codes.size() < groups * group_codes)
    codes.resize(groups * group_codes);

  for (std::size_t begin = 0; begin < rows; begin += groups * group_size) {
    const auto block = std::min(groups * group_size, rows - begin);
    for (std::size_t row = 0; row < block; row += group_size)
      encode(columns, begin + row, std::min(group_size, block - row), codes.data() + row * (group_codes / group_size),
             walk);
    for (const auto& t : trees_)
      for (std::size_t row = 0; row < block; row += group_size)
        add_leaves(t, codes.data() + row * (group_codes / group_size), begin + row, std::min(group_size, block - row),
                   sums, walk);
  }
}

template <class T>
void forest::encode(const T* const* columns, std::size_t begin, std::size_t rows, std::uint16_t* codes,
                    const walk::functions& walk) const {
  std::array<T, group_size> padded{};
  for (const auto& c : channels_) {
    const auto* values = columns[c.feature] + begin;
    if (rows < group_size) {
      std::copy_n(values, rows, padded.begin());
      values = padded.data();
    }
    if (c.has_sets())
      encode_members(c, values, codes);
    else if constexpr (std::is_same_v<T, float>)
      walk.encode(c.thresholds.data(), c.thresholds.size(), values, codes);
    else
      walk::encode_doubles(c.wide_thresholds.data(), c.wide_thresholds.size(), values, codes);
    for (std::size_t r = 0; r < rows && !c.missing_goes_left; ++r)
      if (values[r] != values[r])
        codes[r] = static_cast<std::uint16_t>(c.size());
    codes += group_size;
  }
}

/// Of what is no whole number from 0 on that of a number in no set.
template <class T>
void forest::encode_members(const channel& c, const T* values, std::uint16_t* codes) {
  const auto& known = c.sets.codes;
  const auto last = static_cast<std::int32_t>(known.size() - 1);
  for (std::size_t r = 0; r < group_size; ++r) {
    const auto x = values[r];
    const auto is_near = x >= 0 && x < static_cast<T>(last);
    const auto number = static_cast<std::int32_t>(is_near ? x : static_cast<T>(last));
    const auto is_whole = static_cast<T>(number) == x;
    codes[r] = known[static_cast<std::size_t>(is_whole ? number : last)];
  }
  for (std::size_t r = 0; r < group_size && c.missing_goes_left; ++r)
    if (values[r] != values[r])
      codes[r] = 0;
}

void forest::add_leaf(std::uint32_t word, std::size_t row, double* const* sums) const {
  if (has_values_) {
    sums[0][row] += static_cast<double>(std::bit_cast<float>(word));
    return;
  }
  for (auto i = leaf_begins_[word]; i < leaf_begins_[word + 1]; ++i)
    sums[leaf_values_[i].output][row] += leaf_values_[i].value;
}

void forest::add_leaves(const tree& t, const std::uint16_t* codes, std::size_t begin, std::size_t rows,
                        double* const* sums, const walk::functions& walk) const {
  std::array<std::uint32_t, group_size> leaves;
  const auto* heap = words_.data() + t.begin;
  if (t.is_linked) {
    walk.linked(heap, nodes_.data(), t.levels, codes, leaves.data());
    for (auto& leaf : leaves)
      leaf = node_leaves_[leaf];
  } else {
    walk.heap(heap, t.levels, codes, leaves.data());
  }
  if (has_values_) {
    auto* into = sums[0] + begin;
    for (std::size_t r = 0; r < rows; ++r)
      into[r] += static_cast<double>(std::bit_cast<float>(leaves[r]));
    return;
  }
  for (std::size_t r = 0; r < rows; ++r)
    add_leaf(leaves[r], begin + r, sums);
}

template <class T>
std::size_t member_code(const nested_sets& sets, T value) {
  const auto is_known = value >= 0 && value <= static_cast<T>(set_chains::most) && std::trunc(value) == value;
  return is_known ? sets.code_of(static_cast<std::size_t>(value)) : sets.count;
}

/// The codes of one row, where those of the first row of a group stand.
template <class T>
void forest::encode_row(const T* const* columns, std::size_t row, std::uint16_t* codes) const {
  for (const auto& c : channels_) {
    const auto value = columns[c.feature][row];
    const auto count = [&](const auto& thresholds) {
      return static_cast<std::size_t>(std::lower_bound(thresholds.begin(), thresholds.end(), value)
                                      - thresholds.begin());
    };
    auto code = c.has_sets()                ? member_code(c.sets, value)
                : value != value            ? std::size_t{0}
                : c.wide_thresholds.empty() ? count(c.thresholds)
                                            : count(c.wide_thresholds);
    if (value != value)
      code = c.missing_goes_left ? 0 : c.size();
    *codes = static_cast<std::uint16_t>(code);
    codes += group_size;
  }
}

template <class T>
void forest::predict_row(const T* const* columns, std::size_t row, double* const* sums) const {
  thread_local std::vector<std::uint16_t> codes;
  if (codes.size() < std::max<std::size_t>(channels_.size(), 1) * group_size)
    codes.resize(std::max<std::size_t>(channels_.size(), 1) * group_size);
  encode_row(columns, row, codes.data());
  constexpr auto together = walk::trees_together;
  std::array<std::uint32_t, together> leaves;
  for (std::size_t first = 0; first < trees_.size(); first += together) {
    const auto count = std::min(together, trees_.size() - first);
    std::array<const std::uint32_t*, together> heaps;
    std::array<std::uint32_t, together> levels;
    for (std::size_t i = 0; i < together; ++i) {
      const auto& t = trees_[first + std::min(i, count - 1)];
      heaps[i] = words_.data() + t.begin;
      levels[i] = t.is_linked ? walk::top_levels : t.levels;
    }
    walk::descend(heaps.data(), levels.data(), codes.data(), leaves.data());
    for (std::size_t i = 0; i < count; ++i)
      if (trees_[first + i].is_linked)
        leaves[i] = node_leaves_[walk::follow(nodes_.data(), leaves[i], codes.data())];
    for (std::size_t i = 0; i < count; ++i)
      add_leaf(leaves[i], row, sums);
  }
}

template void forest::predict(const float* const*, std::size_t, double* const*) const;
template void forest::predict(const double* const*, std::size_t, double* const*) const;
template void forest::predict(const float* const*, std::size_t, double* const*, const walk::functions&) const;
template void forest::predict(const double* const*, std::size_t, double* const*, const walk::functions&) const;

std::size_t forest::footprint() const noexcept {
  auto bytes = words_.capacity() * sizeof(words_[0]) + nodes_.capacity() * (sizeof(nodes_[0]) + sizeof(node_leaves_[0]))
               + leaf_values_.capacity() * sizeof(leaf_value) + leaf_begins_.capacity() * sizeof(leaf_begins_[0])
               + trees_.capacity() * sizeof(tree);
  for (const auto& c : channels_)
    bytes += c.thresholds.capacity() * sizeof(float) + c.wide_thresholds.capacity() * sizeof(double)
             + c.sets.codes.capacity() * sizeof(std::uint16_t);
  return bytes;
}

} // namespace weir::models
