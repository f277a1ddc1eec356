#include "models/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace weir::models {

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
  return made;
}

} // namespace weir::models
