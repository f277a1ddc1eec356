#include "core/detect/relative_entropy.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

// Values that a share has for sure, so that none is impossible.
constexpr double prior_of_window = 0.01;
constexpr double prior_before = 0.5;

} // namespace

relative_entropy::divergences relative_entropy::add(double value) noexcept {
  auto& place = last_[added_ % window];
  if (added_ >= window) {
    for (auto& count : before_)
      count *= 1 - 1 / memory;
    before_[place] += 1;
    count_before_ = count_before_ * (1 - 1 / memory) + 1;
  }
  place = static_cast<std::uint8_t>(octiles_.add(value));
  ++added_;
  if (added_ < 2 * window)
    return {};
  return {divergence(window), divergence(window / 2)};
}

double relative_entropy::divergence(std::size_t length) const noexcept {
  constexpr auto shares = streaming_octiles::shares;
  std::array<double, shares> counts{};
  for (std::size_t i = 1; i <= length; ++i)
    counts[last_[(added_ - i) % window]] += 1;
  double sum = 0;
  for (std::size_t i = 0; i < shares; ++i) {
    const auto now = (counts[i] + prior_of_window) / (static_cast<double>(length) + shares * prior_of_window);
    const auto before = (before_[i] + prior_before) / (count_before_ + shares * prior_before);
    sum += now * std::log(now / before);
  }
  return std::max(0.0, sum);
}

bool relative_entropy::valid() const noexcept {
  const auto is_count = [](double count) { return std::isfinite(count) && count >= 0; };
  return octiles_.valid() && std::ranges::all_of(before_, is_count) && is_count(count_before_)
         && std::ranges::all_of(last_, [](auto share) { return share < streaming_octiles::shares; });
}

} // namespace weir::core
