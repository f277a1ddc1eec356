#include "models/trees/tree_grower.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>
#include <utility>

namespace weir::models {

namespace {

/// A gain below this share of a node's score is rounding.
constexpr double rounding = 1e-12;

} // namespace

template <class Sums>
void tree_grower<Sums>::consider(const open_node& node, std::uint32_t feature, std::size_t left_bin,
                                 std::size_t right_bin, const double* left, bool missing_left,
                                 std::optional<split>& best) {
  for (std::size_t k = 0; k < sums_.size(); ++k)
    right_sums_[k] = node.sums[k] - left[k];
  const auto weight_left = sums_.weight(left);
  const auto weight_right = sums_.weight(right_sums_.data());
  const auto rows_of_weight = static_cast<double>(node.rows()) / sums_.weight(node.sums.data());
  const auto least = static_cast<double>(how_.min_samples_leaf) - 0.5;
  if (!(weight_left > 0) || !(weight_right > 0) || weight_left < how_.min_weight_leaf
      || weight_right < how_.min_weight_leaf)
    return;
  if (how_.min_samples_leaf > 1 && (weight_left * rows_of_weight < least || weight_right * rows_of_weight < least))
    return;
  const auto gain = sums_.score(left) + sums_.score(right_sums_.data()) - sums_.score(node.sums.data());
  if (!(gain > (best ? best->gain : rounding * sums_.score(node.sums.data()))))
    return;
  const auto left_value = bounded_value(left, node);
  const auto right_value = bounded_value(right_sums_.data(), node);
  if (direction(feature) * (right_value - left_value) < 0)
    return;
  best = split{gain,
               feature,
               static_cast<std::uint8_t>(left_bin),
               static_cast<std::uint8_t>(right_bin),
               missing_left,
               std::nullopt,
               left_value,
               right_value};
}

/// The bins that have rows, ascending. @param occupied a bit for each such bin; null: all may have
template <class Sums>
std::size_t tree_grower<Sums>::find_used(std::uint32_t feature, const double* bins, const std::uint64_t* occupied,
                                         bin_list& used) const {
  const auto size = sums_.size();
  const auto count = features_.bins(feature);
  std::size_t uses = 0;
  if (occupied != nullptr) {
    for (std::size_t word = 0; word < 4; ++word)
      for (auto bits = occupied[word]; bits != 0; bits &= bits - 1)
        if (const auto bin = word * 64 + static_cast<std::size_t>(std::countr_zero(bits)); bin < count)
          used[uses++] = static_cast<std::uint8_t>(bin);
  } else {
    for (std::size_t bin = 0; bin < count; ++bin)
      if (sums_.weight(bins + bin * size) > 0)
        used[uses++] = static_cast<std::uint8_t>(bin);
  }
  return uses;
}

template <class Sums>
void tree_grower<Sums>::find_in_feature(open_node& node, std::uint32_t feature, const double* bins,
                                        const std::uint64_t* occupied, std::optional<split>& best) {
  if (is_categorical(feature))
    return find_in_categories(node, feature, bins, occupied, best);
  const auto size = sums_.size();
  const auto* lost = bins + binned_features::missing * size;
  const auto has_missing = sums_.weight(lost) > 0;
  bin_list used;
  const auto uses = find_used(feature, bins, occupied, used);
  if (uses == 0 || (uses == 1 && !has_missing))
    return;
  const auto add_to_left = [&](const double* more) {
    for (std::size_t k = 0; k < size; ++k)
      left_[k] += more[k];
  };
  std::fill(left_.begin(), left_.end(), 0.0);
  const auto border = how_.random_thresholds && uses > 1 ? below(uses - 1) : uses;
  for (std::size_t i = 0; i + 1 < uses; ++i) {
    add_to_left(bins + used[i] * size);
    if (how_.random_thresholds && i != border)
      continue;
    consider(node, feature, used[i], used[i + 1], left_.data(), false, best);
    if (has_missing) {
      auto with_missing = left_;
      for (std::size_t k = 0; k < size; ++k)
        with_missing[k] += lost[k];
      consider(node, feature, used[i], used[i + 1], with_missing.data(), true, best);
    }
  }
  // what is there against what is missing
  if (has_missing && !how_.random_thresholds) {
    add_to_left(bins + used[uses - 1] * size);
    consider(node, feature, used[uses - 1], binned_features::missing, left_.data(), false, best);
  }
}

/// Bins by how much their rows pull to one side (Fisher 1958): of two classes and of gradients the best of all sets is
/// among the first ones of that order. Of more classes each is tried against the others.
template <class Sums>
void tree_grower<Sums>::find_in_categories(open_node& node, std::uint32_t feature, const double* bins,
                                           const std::uint64_t* occupied, std::optional<split>& best) {
  const auto size = sums_.size();
  bin_list used;
  auto uses = find_used(feature, bins, occupied, used);
  if (how_.category_support > 0) {
    const auto rows_of_weight = static_cast<double>(node.rows()) / sums_.weight(node.sums.data());
    const auto is_rare = [&](std::uint8_t bin) {
      return sums_.weight(bins + bin * size) * rows_of_weight < how_.category_support;
    };
    uses = static_cast<std::size_t>(std::remove_if(used.begin(), used.begin() + uses, is_rare) - used.begin());
  }
  const std::span order{used.data(), uses};
  const auto sort_by = [&](const auto& pull) {
    std::array<double, bins_of_feature> pulls;
    for (const auto bin : order)
      pulls[bin] = pull(bins + bin * size);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return pulls[a] != pulls[b] ? pulls[a] < pulls[b] : a < b; });
    find_in_order(node, feature, bins, order, best);
  };
  if constexpr (std::is_same_v<Sums, class_sums>) {
    for (std::size_t k = 0; k < size; ++k)
      sort_by([&](const double* sums) { return sums[k] / sums_.weight(sums); });
  } else {
    sort_by([&](const double* sums) { return sums[0] / (sums[1] + how_.category_support); });
    // what is rare goes with the right side: let that be the other one, too
    std::reverse(order.begin(), order.end());
    if (how_.category_support > 0)
      find_in_order(node, feature, bins, order, best);
  }
}

/// The first bins of an order against all others.
template <class Sums>
void tree_grower<Sums>::find_in_order(open_node& node, std::uint32_t feature, const double* bins,
                                      std::span<const std::uint8_t> order, std::optional<split>& best) {
  const auto size = sums_.size();
  const auto* lost = bins + binned_features::missing * size;
  const auto has_missing = sums_.weight(lost) > 0;
  if (order.empty() || (order.size() == 1 && !has_missing))
    return;
  bin_set left_bins;
  const auto try_split = [&](const double* left, bool missing_left) {
    const auto before = best ? best->gain : 0;
    consider(node, feature, 0, 0, left, missing_left, best);
    if (best && best->gain != before)
      best->left_bins = left_bins;
  };
  std::fill(left_.begin(), left_.end(), 0.0);
  const auto border = how_.random_thresholds && order.size() > 1 ? below(order.size() - 1) : order.size();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto is_last = i + 1 == order.size();
    for (std::size_t k = 0; k < size; ++k)
      left_[k] += bins[order[i] * size + k];
    left_bins.set(order[i]);
    if ((is_last && (!has_missing || how_.random_thresholds)) || (how_.random_thresholds && i != border))
      continue;
    try_split(left_.data(), false);
    if (!has_missing || is_last)
      continue;
    auto with_missing = left_;
    for (std::size_t k = 0; k < size; ++k)
      with_missing[k] += lost[k];
    try_split(with_missing.data(), true);
  }
}

/// Among features in random order: as many as the options say, and more while none of them can split the node.
template <class Sums>
void tree_grower<Sums>::find_split(open_node& node) {
  node.best.reset();
  if (!can_split(node))
    return;
  const auto size = sums_.size();
  const auto wanted = how_.features_of_split == 0 ? order_.size() : how_.features_of_split;
  for (std::size_t i = 0; i < order_.size() && (i < wanted || !node.best); ++i) {
    if (wanted < order_.size() || how_.random_thresholds)
      std::swap(order_[i], order_[i + below(order_.size() - i)]);
    const auto feature = order_[i];
    if (!node.bins.empty()) {
      find_in_feature(node, feature, node.bins.data() + feature * bins_of_feature * size, nullptr, node.best);
      continue;
    }
    std::array<std::uint64_t, 4> occupied{};
    for (auto k = node.begin; k < node.end; ++k) {
      const auto row = (*rows_)[k];
      const auto code = features_.row(row)[feature];
      sums_.add(one_feature_.data() + code * size, of_[row]);
      occupied[code / 64] |= std::uint64_t{1} << code % 64;
    }
    find_in_feature(node, feature, one_feature_.data(), occupied.data(), node.best);
    for (std::size_t word = 0; word < 4; ++word)
      for (auto bits = occupied[word]; bits != 0; bits &= bits - 1)
        std::fill_n(one_feature_.data() + (word * 64 + static_cast<std::size_t>(std::countr_zero(bits))) * size, size,
                    0.0);
  }
}

template void tree_grower<gradient_sums>::find_split(open_node&);
template void tree_grower<gradient_sums>::find_in_feature(open_node&, std::uint32_t, const double*,
                                                          const std::uint64_t*, std::optional<split>&);
template std::size_t tree_grower<gradient_sums>::find_used(std::uint32_t, const double*, const std::uint64_t*,
                                                           bin_list&) const;
template void tree_grower<gradient_sums>::find_in_categories(open_node&, std::uint32_t, const double*,
                                                             const std::uint64_t*, std::optional<split>&);
template void tree_grower<gradient_sums>::find_in_order(open_node&, std::uint32_t, const double*,
                                                        std::span<const std::uint8_t>, std::optional<split>&);
template void tree_grower<gradient_sums>::consider(const open_node&, std::uint32_t, std::size_t, std::size_t,
                                                   const double*, bool, std::optional<split>&);
template void tree_grower<class_sums>::find_split(open_node&);
template void tree_grower<class_sums>::find_in_feature(open_node&, std::uint32_t, const double*, const std::uint64_t*,
                                                       std::optional<split>&);
template std::size_t tree_grower<class_sums>::find_used(std::uint32_t, const double*, const std::uint64_t*,
                                                        bin_list&) const;
template void tree_grower<class_sums>::find_in_categories(open_node&, std::uint32_t, const double*,
                                                          const std::uint64_t*, std::optional<split>&);
template void tree_grower<class_sums>::find_in_order(open_node&, std::uint32_t, const double*,
                                                     std::span<const std::uint8_t>, std::optional<split>&);
template void tree_grower<class_sums>::consider(const open_node&, std::uint32_t, std::size_t, std::size_t,
                                                const double*, bool, std::optional<split>&);

} // namespace weir::models
