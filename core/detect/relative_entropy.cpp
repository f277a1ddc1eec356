#include "core/detect/relative_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace weir::core {

namespace {

// Values that a share has for sure, so that none is impossible.
constexpr double prior_of_window = 0.01;
constexpr double prior_before = 0.5;

constexpr auto shares = streaming_octiles::shares;

/// The share that so many of `length` values are, and its logarithm.
struct share {
  double value;
  double logarithm;
};

template <std::size_t length>
const std::array<share, length + 1>& shares_of_counts() noexcept {
  static const auto made = [] {
    std::array<share, length + 1> table;
    for (std::size_t count = 0; count <= length; ++count) {
      const auto value = (static_cast<double>(count) + prior_of_window) / (length + shares * prior_of_window);
      table[count] = {value, std::log(value)};
    }
    return table;
  }();
  return made;
}

/// How many values lie in each share, a byte each in one number.
std::uint64_t counts_in(std::span<const std::uint8_t> of) noexcept {
  std::uint64_t counts = 0;
  for (const auto share : of)
    counts += std::uint64_t{1} << 8 * share;
  return counts;
}

template <std::size_t length>
double divergence_of(std::uint64_t counts, const std::array<double, shares>& logarithms_before) noexcept {
  const auto& table = shares_of_counts<length>();
  double sum = 0;
  for (std::size_t i = 0; i < shares; ++i) {
    const auto& now = table[counts >> 8 * i & 0xff];
    sum += now.value * (now.logarithm - logarithms_before[i]);
  }
  return std::max(0.0, sum);
}

} // namespace

relative_entropy::divergences relative_entropy::add(double value) noexcept {
  const auto at = added_ % window;
  auto& place = last_[at];
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
  std::array<double, shares> before;
  const auto logarithm_of_all = std::log(count_before_ + shares * prior_before);
  for (std::size_t i = 0; i < shares; ++i)
    before[i] = std::log(before_[i] + prior_before) - logarithm_of_all;
  // The newest end at `at`, in a ring.
  constexpr auto half = window / 2;
  const auto all = std::span{last_}.first(window);
  const auto newest = at + 1 >= half ? counts_in(all.subspan(at + 1 - half, half))
                                     : counts_in(all.first(at + 1)) + counts_in(all.last(half - at - 1));
  return {divergence_of<window>(counts_in(all), before), divergence_of<half>(newest, before)};
}

bool relative_entropy::valid() const noexcept {
  const auto is_count = [](double count) { return std::isfinite(count) && count >= 0; };
  return octiles_.valid() && std::ranges::all_of(before_, is_count) && is_count(count_before_)
         && std::ranges::all_of(last_, [](auto share) { return share < shares; });
}

} // namespace weir::core
