#include "models/evaluation.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

namespace weir::models {

row_split split_rows(std::size_t rows, double test_size, std::uint64_t seed) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random{seed};
  for (auto left = rows; left > 1; --left)
    std::swap(order[left - 1], order[random() % left]);
  const auto tested = static_cast<std::ptrdiff_t>(std::ceil(static_cast<double>(rows) * test_size));
  return {{order.begin() + tested, order.end()}, {order.begin(), order.begin() + tested}};
}

regression_metrics evaluate(std::span<const double> truth, std::span<const double> predicted) {
  const auto n = static_cast<double>(truth.size());
  const auto mean = std::accumulate(truth.begin(), truth.end(), 0.0) / n;
  double squares = 0;
  double absolute = 0;
  double spread = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto off = predicted[i] - truth[i];
    squares += off * off;
    absolute += std::abs(off);
    spread += (truth[i] - mean) * (truth[i] - mean);
  }
  const auto r2 = spread > 0 ? 1 - squares / spread : std::numeric_limits<double>::quiet_NaN();
  return {r2, absolute / n, std::sqrt(squares / n)};
}

} // namespace weir::models
