#include "models/online/outlier_learner.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models::online {

void make_shares(std::span<double> of) noexcept {
  const auto largest = of.empty() ? 0 : *std::ranges::max_element(of);
  double sum = 0;
  for (auto& share : of) {
    if (std::isinf(largest))
      share = std::isinf(share) ? 1 : 0;
    else if (largest > 0)
      share /= largest; // a sum of large ones would not be finite
    sum += share;
  }
  for (auto& share : of)
    share = sum > 0 ? share / sum : 1 / static_cast<double>(of.size());
}

} // namespace weir::models::online
