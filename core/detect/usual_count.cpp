#include "core/detect/usual_count.hpp"

#include "core/detect/normal_deviation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace weir::core {

namespace {

constexpr double prior_counts = 5;
constexpr double most_learned = 4;     // standard deviations
constexpr double least_mean = 1e-3;    // that a variance is divided by
constexpr double largest_count = 1e15; // its square is a number that is still exact enough

/// The logarithm of how rare such a distance, either way, is of a normal distribution.
double rarity_of(double deviation) noexcept {
  constexpr double far = 8; // from here on by the first terms of an asymptotic series
  if (deviation < far)
    return -std::log(std::erfc(deviation / std::numbers::sqrt2));
  const auto square = deviation * deviation;
  return square / 2 + std::log(deviation * std::sqrt(std::numbers::pi / 2)) + 1 / square;
}

} // namespace

double usual_count::dispersion(double alpha) const noexcept {
  const auto n = count(alpha);
  const auto spread = n > 1 ? variance_ * n / (n - 1) / std::max(mean_, least_mean) : 1;
  return (prior_counts + n * spread) / (prior_counts + n);
}

double usual_count::score(double count, double alpha) const noexcept {
  // A record more than was seen: where none has come, one is no wonder.
  const auto mean = mean_ + 1 / std::max(this->count(alpha), 1.0);
  const auto x = count < mean ? std::min(count + 0.5, mean) : std::max(count - 0.5, mean);
  const auto deviance = 2 * (x * std::log(x / mean) - (x - mean));
  return std::copysign(std::sqrt(std::max(deviance, 0.0) / dispersion(alpha)), x - mean);
}

double usual_count::strangeness(double score, double alpha) const noexcept {
  const auto n = std::max(count(alpha), 1.0);
  // The spread of bursts is known half as well as that of a normal distribution.
  return rarity_of(normal_deviation(std::abs(score) * std::sqrt(n / (n + 1)), (n + prior_counts) / 2));
}

void usual_count::add(double count, double alpha) noexcept {
  count = std::min(count, largest_count);
  if (weights_ > 0) {
    const auto most = most_learned * std::sqrt(dispersion(alpha) * std::max(mean_, 1.0)) + 1;
    count = std::clamp(count, mean_ - most, mean_ + most);
  }
  // As West (1979) and Finch (2009), with the newest count's share of all weights.
  weights_ = 1 + (1 - alpha) * weights_;
  const auto weight = 1 / weights_;
  const auto delta = count - mean_;
  mean_ += weight * delta;
  variance_ = (1 - weight) * (variance_ + weight * delta * delta);
}

bool usual_count::valid(double alpha) const noexcept {
  return mean_ >= 0 && variance_ >= 0 && std::isfinite(mean_) && std::isfinite(variance_) && weights_ >= 0
         && alpha * weights_ < 1 + 1e-9;
}

} // namespace weir::core
