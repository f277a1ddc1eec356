#include "core/detect/tail_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

constexpr std::uint32_t remembered_excesses = 1'000;
constexpr double rarest_to_learn = 2e-4;
constexpr double highest_shape = 0.45;
constexpr double least_probability = 1e-300;

// What a prior says of the tail's shape, and how many excesses it weighs.
constexpr double prior_shape = 0.05;
constexpr std::uint32_t prior_excesses = 20;

} // namespace

void tail_estimate::begin(double quantile, double mean_excess) noexcept {
  quantile_ = std::max(quantile, least_quantile);
  mean_ = std::max(mean_excess, least_quantile);
  square_ = 2 * mean_ * mean_ * (1 - prior_shape) / (1 - 2 * prior_shape);
  excesses_ = prior_excesses;
  count_ = static_cast<std::uint32_t>(prior_excesses / level);
}

tail_estimate::shape tail_estimate::fitted() const noexcept {
  const auto variance = square_ - mean_ * mean_;
  const auto xi = variance > 0 ? std::clamp(0.5 * (1 - mean_ * mean_ / variance), 0.0, highest_shape) : 0.0;
  return {xi, mean_ * (1 - xi)};
}

double tail_estimate::probability(double score, const tail_prior& prior) const noexcept {
  if (count_ == 0) {
    tail_estimate first{};
    first.begin(prior.quantile, prior.mean_excess);
    return first.probability(score, prior);
  }
  if (score <= quantile_)
    return std::pow(level, score / quantile_);
  const auto [xi, sigma] = fitted();
  const auto excess = (score - quantile_) / sigma;
  const auto p = level * (xi < 1e-9 ? std::exp(-excess) : std::pow(1 + xi * excess, -1 / xi));
  return std::max(p, least_probability);
}

void tail_estimate::add_first(double score, const tail_prior& prior) noexcept {
  if (prior.quantile > 0) {
    begin(prior.quantile, prior.mean_excess);
    return follow(score);
  }
  score = std::min(score, largest_score);
  ++count_;
  const auto delta = score - quantile_;
  quantile_ += delta / count_;
  mean_ += delta * (score - quantile_);
  if (count_ < warm_up)
    return;
  // The quantile and the mean excess of the distance from a normal distribution's mean, and of an exponential
  // distribution, lie on both sides of these.
  const auto deviation = std::sqrt(mean_ / warm_up);
  begin(quantile_ + 1.8 * deviation, 0.7 * deviation);
}

void tail_estimate::learn_excess(double excess) noexcept {
  const auto [xi, sigma] = fitted();
  const auto odds = level / rarest_to_learn;
  excess = std::min(excess, xi < 1e-9 ? sigma * std::log(odds) : sigma / xi * (std::pow(odds, xi) - 1));
  excesses_ = std::min(excesses_ + 1, remembered_excesses);
  mean_ += (excess - mean_) / excesses_;
  square_ += (excess * excess - square_) / excesses_;
}

bool tail_estimate::valid() const noexcept {
  return std::isfinite(quantile_) && std::isfinite(mean_) && std::isfinite(square_) && std::isfinite(peak_)
         && mean_ >= 0 && square_ >= 0 && count_ <= remembered && excesses_ <= remembered_excesses;
}

} // namespace weir::core
