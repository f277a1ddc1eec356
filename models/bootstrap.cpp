#include "models/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace weir::models {

namespace {

/// @pre sorted
double percentile(std::span<const double> values, double share) {
  if (values.empty())
    return std::numeric_limits<double>::quiet_NaN();
  const auto at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

} // namespace

std::vector<interval> bootstrap(std::size_t rows, std::size_t samples, std::uint64_t seed, std::size_t measures,
                                const std::function<std::vector<double>(std::span<const std::size_t>)>& measure) {
  std::mt19937_64 random{seed};
  std::vector<std::size_t> drawn(rows);
  std::vector<std::vector<double>> values(measures);
  for (std::size_t i = 0; i < samples; ++i) {
    for (auto& row : drawn)
      row = random() % rows;
    const auto measured = measure(drawn);
    for (std::size_t m = 0; m < measures; ++m)
      if (!std::isnan(measured[m]))
        values[m].push_back(measured[m]);
  }
  std::vector<interval> made;
  for (auto& of_one : values) {
    std::sort(of_one.begin(), of_one.end());
    made.push_back({percentile(of_one, 0.025), percentile(of_one, 0.975)});
  }
  return made;
}

} // namespace weir::models
