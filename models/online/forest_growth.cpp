#include "models/online/forest_growth.hpp"

#include "models/online/chosen_inputs.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models::online {

std::size_t features_of(const adaptive_random_forest& how, std::size_t inputs) noexcept {
  const auto wanted = how.max_features != 0
                          ? std::size_t{how.max_features}
                          : static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(inputs))));
  return std::clamp<std::size_t>(wanted, 1, inputs);
}

forest_growth::forest_growth(const adaptive_random_forest& how) :
    seed_{how.seed}, warning_{.delta = how.warning_delta}, drift_{.delta = how.drift_delta} {
  auto share = std::exp(-how.lambda_value);
  double sum = 0;
  for (double k = 1; sum + share > sum || k <= how.lambda_value; ++k) {
    sum += share;
    at_most_.push_back(sum);
    share *= how.lambda_value / k;
  }
}

double forest_growth::times(std::uint64_t seed) const noexcept {
  const auto at = std::ranges::upper_bound(at_most_, uniform_of(seed, 0));
  return static_cast<double>(at - at_most_.begin());
}

void forest_growth::watch(forest_state& at, std::size_t i, double signal) const noexcept {
  auto& member = at.member(i);
  if (member.warning.add(signal, warning_)) {
    at.clear(at.background(i));
    member.has_background = 1;
    member.warning = {};
    ++at.head().warnings;
  }
  if (!member.drift.add(signal, drift_))
    return;
  at.clear(at.front(i));
  if (member.has_background != 0) {
    member.front ^= 1;
    member.has_background = 0;
    member.warning = {};
  }
  member.drift = {};
  member.right = 0;
  member.tested = 0;
  ++at.head().drifts;
}

} // namespace weir::models::online
