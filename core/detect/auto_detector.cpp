#include "core/detect/auto_detector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::core {

namespace {

/// Differences of such values are finite.
constexpr double largest_value = 1e150;
/// Values that the level follows.
constexpr double memory_of_level = 1000;
/// Over how many values the distance from what was expected is averaged, so that a small one that lasts is seen.
constexpr double recent_values = 10;
/// Of a value that differs where none ever did: spreads.
constexpr double distance_without_spread = 100;
/// A rarity is reported as it is in a series of so many values, as less in a longer one.
constexpr double usual_count = 1000;
constexpr double score_of_a_decade = 0.1;
/// A second alarm while the first still holds must be rarer by a power of ten.
constexpr double margin_of_alarms = 0.1;

double distance_between(double value, const expectation& expected) {
  const auto off = std::abs(value - expected.value);
  return expected.spread > 0 ? off / expected.spread : off > 0 ? distance_without_spread : 0.0;
}

} // namespace

auto_verdict auto_detector::score(double value, std::int64_t time_ms) noexcept {
  if (!std::isfinite(value))
    return {};
  value = std::clamp(value, -largest_value, largest_value);
  const std::array opinions{of_season(value, time_ms), of_record(value), of_distribution(value)};
  count_ += 1;
  double sum = 0;
  for (const auto& each : opinions)
    sum += each.rarity;
  const auto& loudest = *std::ranges::max_element(opinions, {}, &opinion::rarity);
  const auto rarity =
      (loudest.rarity + sum / opinions.size()) / 2 - std::log10(std::max(count_, usual_count) / usual_count);
  const auto score = count_ > least_values ? std::clamp(rarity * score_of_a_decade, 0.0, 1.0) : 0.0;
  return {hold_.pass(score, threshold, margin_of_alarms), loudest.expert, loudest.expected};
}

auto_detector::opinion auto_detector::of_season(double value, std::int64_t time_ms) noexcept {
  opinion made;
  double distance = 0;
  if (season_.ready(time_ms)) {
    made.expert = auto_expert::season;
    made.expected = season_.expected(time_ms);
    distance = distance_between(value, made.expected);
  } else if (level_.ready()) {
    made.expected = level_.expected();
    distance = distance_between(value, made.expected);
  }
  season_.learn(value, time_ms);
  level_.learn(value, memory_of_level);
  recent_distance_.add(distance, 1 / recent_values);
  made.rarity = (distances_.add(distance) + recent_distances_.add(recent_distance_.mean)) / 2;
  return made;
}

auto_detector::opinion auto_detector::of_record(double value) noexcept {
  const auto exceeded = value < record_.low() ? record_.low() : record_.high();
  const auto made =
      opinion{margins_.add(record_.of(value)), auto_expert::record, {exceeded, record_.high() - record_.low()}};
  record_.learn(value);
  return made;
}

auto_detector::opinion auto_detector::of_distribution(double value) noexcept {
  const auto [whole, half] = entropy_.add(value);
  const auto rarity = (entropies_.add(whole) + recent_entropies_.add(half)) / 2;
  const auto& levels = entropy_.levels();
  return {rarity, auto_expert::distribution, {levels.median(), levels.upper_quartile() - levels.lower_quartile()}};
}

bool auto_detector::valid() const noexcept {
  return season_.valid() && level_.valid() && recent_distance_.valid() && record_.valid() && entropy_.valid()
         && distances_.valid() && recent_distances_.valid() && margins_.valid() && entropies_.valid()
         && recent_entropies_.valid() && hold_.valid() && std::isfinite(count_) && count_ >= 0;
}

} // namespace weir::core
