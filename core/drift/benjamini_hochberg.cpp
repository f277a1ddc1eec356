#include "core/drift/benjamini_hochberg.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace weir::core {

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> made(p_values.size());
  double least = 1;
  for (auto rank = order.size(); rank > 0; --rank) {
    const auto at = order[rank - 1];
    least = std::min(least, p_values[at] * static_cast<double>(p_values.size()) / static_cast<double>(rank));
    made[at] = least;
  }
  return made;
}

} // namespace weir::core
