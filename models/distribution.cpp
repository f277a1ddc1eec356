#include "models/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace weir::models {

namespace {

/// Values that repeat make fewer bins; a single value has one of its own, with one below and one above.
void count_in_bins(std::span<const double> sorted, distribution& into) {
  for (std::size_t i = 1; i + 1 < distribution::deciles; ++i) {
    const auto behind = ((sorted.size() - 1) * i + distribution::deciles - 2) / (distribution::deciles - 1);
    if (const auto edge = sorted[behind]; edge > (into.edges.empty() ? sorted.front() : into.edges.back()))
      into.edges.push_back(edge);
  }
  if (into.edges.empty()) {
    into.edges.push_back(sorted.front());
    if (const auto above = std::nextafter(sorted.front(), std::numeric_limits<double>::infinity());
        std::isfinite(above))
      into.edges.push_back(above);
  }
  auto begin = sorted.begin();
  for (const auto edge : into.edges) {
    const auto end = std::lower_bound(begin, sorted.end(), edge);
    into.counts.push_back(static_cast<std::uint64_t>(end - begin));
    begin = end;
  }
  into.counts.push_back(static_cast<std::uint64_t>(sorted.end() - begin));
}

} // namespace

distribution describe(std::span<const double> values) {
  distribution made;
  std::vector<double> sorted;
  sorted.reserve(values.size());
  double squares = 0;
  for (const auto value : values) {
    if (std::isnan(value))
      continue;
    sorted.push_back(value);
    const auto off = value - made.mean;
    made.mean += off / static_cast<double>(sorted.size());
    squares += off * (value - made.mean);
  }
  made.count = sorted.size();
  if (!values.empty())
    made.missing = static_cast<double>(values.size() - sorted.size()) / static_cast<double>(values.size());
  if (sorted.empty())
    return made;
  if (sorted.size() > 1)
    made.deviation = std::sqrt(squares / static_cast<double>(sorted.size() - 1));
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < distribution::deciles; ++i) {
    const auto at = static_cast<double>(sorted.size() - 1) * static_cast<double>(i) / (distribution::deciles - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    made.quantiles[i] = std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
  }
  count_in_bins(sorted, made);
  return made;
}

} // namespace weir::models
