#include "core/detect/tail_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

/// Of the sizes, above which the tail is Pareto's.
constexpr double share_of_tail = 0.02;
/// Before there are sizes in the tail they are taken to be an octave above its begin on average, as if five were.
constexpr double prior_count = 5;
constexpr double heaviest_weight = 1e6;

} // namespace

double tail_histogram::add(double size) noexcept {
  const auto position = position_of(size);
  const auto found = total_ > 0 ? rarity(position) : 0.0;
  learn(static_cast<std::size_t>(position));
  return found;
}

double tail_histogram::position_of(double size) noexcept {
  return size > 0 ? std::clamp(std::log2(size) * bins_an_octave + bin_of_one, 1.0, double{bins - 1}) : 0.0;
}

double tail_histogram::rarity(double position) const noexcept {
  const auto count = total_ / weight_;
  const auto limit = share_of_tail * total_;
  double above = 0, distances = 0;
  std::size_t tail = bins - 1; // the last bin below the tail
  for (; tail > 0 && above + weights_[tail] <= limit; --tail)
    above += weights_[tail];
  double rarity = 0;
  if (const auto begin = static_cast<double>(tail + 1); position > begin) {
    for (auto bin = tail + 1; bin < bins; ++bin)
      distances += weights_[bin] * (static_cast<double>(bin) + 0.5 - begin);
    const auto scale = (distances / weight_ + prior_count * bins_an_octave) / (above / weight_ + prior_count);
    rarity = (position - begin) / scale * std::log10(std::exp(1.0)) - std::log10((above / weight_ + 0.5) / (count + 1));
  } else {
    const auto at = static_cast<std::size_t>(position);
    double larger = 0;
    for (auto bin = at + 1; bin < bins; ++bin)
      larger += weights_[bin];
    rarity = -std::log10(((larger + 0.5 * weights_[at]) / weight_ + 0.5) / (count + 1));
  }
  return std::clamp(rarity * std::min(1.0, count / least_count), 0.0, most);
}

void tail_histogram::learn(std::size_t bin) noexcept {
  weight_ = total_ > 0 ? weight_ / (1 - 1 / memory) : 1;
  if (weight_ > heaviest_weight) {
    for (auto& weight : weights_)
      weight = static_cast<float>(weight / weight_);
    total_ /= weight_;
    weight_ = 1;
  }
  weights_[bin] += static_cast<float>(weight_);
  total_ += weight_;
}

bool tail_histogram::valid() const noexcept {
  const auto is_weight = [](double weight) { return std::isfinite(weight) && weight >= 0; };
  return std::ranges::all_of(weights_, is_weight) && is_weight(total_) && is_weight(weight_)
         && (total_ == 0 || weight_ >= 1);
}

} // namespace weir::core
