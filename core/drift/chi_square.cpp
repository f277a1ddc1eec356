#include "core/drift/chi_square.hpp"

#include "core/drift/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace weir::core {

namespace {

struct pair_of_counts {
  double reference = 0;
  double window = 0;

  double both() const { return reference + window; }
  void operator+=(const pair_of_counts& other) {
    reference += other.reference;
    window += other.window;
  }
};

std::vector<pair_of_counts> pairs_of(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window) {
  std::vector<pair_of_counts> made(std::min(reference.size(), window.size()));
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = {static_cast<double>(reference[i]), static_cast<double>(window[i])};
  return made;
}

pair_of_counts sum_of(const std::vector<pair_of_counts>& all) {
  pair_of_counts sum;
  for (const auto& one : all)
    sum += one;
  return sum;
}

/// How many values of both a category has to have for so many to be expected in the smaller sample.
double least_of_both(const pair_of_counts& sum, double least_expected) {
  return least_expected * sum.both() / std::min(sum.reference, sum.window);
}

} // namespace

chi_square_result chi_square(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window,
                             double least_expected) {
  auto categories = pairs_of(reference, window);
  const auto sum = sum_of(categories);
  if (!(sum.reference > 0) || !(sum.window > 0))
    return {};
  std::erase_if(categories, [](const auto& one) { return one.both() == 0; });
  // Rare ones together; where they are rare still, with the least of the others.
  const auto least = least_of_both(sum, least_expected);
  std::sort(categories.begin(), categories.end(), [](const auto& a, const auto& b) { return a.both() > b.both(); });
  pair_of_counts rare;
  while (!categories.empty() && (categories.back().both() < least || (rare.both() > 0 && rare.both() < least))) {
    rare += categories.back();
    categories.pop_back();
  }
  if (rare.both() > 0)
    categories.push_back(rare);

  chi_square_result made;
  made.degrees_of_freedom = static_cast<double>(categories.size()) - 1;
  for (const auto& one : categories) {
    const auto share = one.both() / sum.both();
    const auto of_reference = one.reference - sum.reference * share, of_window = one.window - sum.window * share;
    made.statistic +=
        of_reference * of_reference / (sum.reference * share) + of_window * of_window / (sum.window * share);
  }
  if (made.degrees_of_freedom > 0)
    made.p_value = chi_square_tail(made.statistic, made.degrees_of_freedom);
  made.cramers_v = std::sqrt(std::min(1.0, made.statistic / sum.both()));
  return made;
}

std::vector<std::size_t> pooled_neighbours(std::span<const std::uint64_t> reference,
                                           std::span<const std::uint64_t> window, double least_expected) {
  const auto bins = pairs_of(reference, window);
  const auto sum = sum_of(bins);
  std::vector<std::size_t> groups(bins.size(), 0);
  if (!(sum.reference > 0) || !(sum.window > 0))
    return groups;
  const auto least = least_of_both(sum, least_expected);
  double held = 0, left = sum.both();
  std::size_t group = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    groups[i] = group;
    held += bins[i].both();
    left -= bins[i].both();
    if (held >= least && left >= least) { // what is left is enough for one more
      ++group;
      held = 0;
    }
  }
  return groups;
}

} // namespace weir::core
