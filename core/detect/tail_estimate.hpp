#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// What scores are like before any was seen.
struct tail_prior {
  double quantile = 0;    ///< that a share tail_estimate::level of the scores exceeds; 0: nothing is known
  double mean_excess = 0; ///< by how much, on average

  /// Of the distance from the mean of a normal distribution, in standard deviations.
  static constexpr tail_prior of_deviations() noexcept { return {1.96, 0.4}; }
};

/// How rare a score is among those before it: the tail of their distribution, learned as they come. A quantile follows
/// the scores by stochastic approximation (Robbins and Monro 1951), and what exceeds it is taken as a generalised
/// Pareto distribution, fitted by its moments (Hosking and Wallis 1987): peaks over a threshold, as in Siffer et al.,
/// "Anomaly detection in streams with extreme value theory", KDD 2017. The shape stays between 0, an exponential tail,
/// and 0.45.
/// Neighbours that exceed count as one, the highest of them (runs declustering, Smith and Weissman 1994), and as one of
/// probability 2e-4 at most: so neither a wild score nor a long excursion teaches that it is ordinary. Old scores fade:
/// about 20,000 are remembered, and 1,000 excesses.
///
/// Plain bytes, all zero when it has seen nothing. Scores are finite and not negative; more is rarer.
class tail_estimate {
public:
  /// The share of scores that the tail is.
  static constexpr double level = 0.05;
  /// Scores from which a prior is made where none is given.
  static constexpr std::uint32_t warm_up = 50;

  /// False until enough is known to tell how rare a score is.
  bool is_ready(const tail_prior& prior) const noexcept { return prior.quantile > 0 || count_ >= warm_up; }

  /// How probable a score as high as this one is, in (0, 1]. Right in the tail; below it only an order.
  /// @pre is_ready(prior)
  double probability(double score, const tail_prior& prior) const noexcept;

  /// Whether all scores up to this one are the same to is_rarer() and add(): they lie below the tail.
  bool is_ordinary(double score) const noexcept { return count_ >= warm_up && score <= quantile_; }

  /// Whether probability(score) < rate, in less time. @param rate below `level` @pre is_ready(prior)
  bool is_rarer(double score, double rate, const tail_prior& prior) const noexcept {
    return score > (count_ == 0 ? prior.quantile : quantile_) && probability(score, prior) < rate;
  }

  void add(double score, const tail_prior& prior) noexcept {
    if (count_ < warm_up) [[unlikely]]
      return add_first(score, prior);
    follow(score);
  }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  struct shape {
    double xi;
    double sigma;
  };

  static constexpr std::uint32_t remembered = 20'000;
  static constexpr double largest_score = 1e100; // its square is a number
  // What is left of a quantile that has nothing below it: steps are relative to it nowhere, and it stays above 0.
  static constexpr double least_quantile = 1e-12;

  /// Moves the quantile by a step, and learns what has exceeded it.
  void follow(double score) noexcept {
    score = std::min(score, largest_score);
    count_ = std::min(count_ + 1, remembered);
    // The best step is 1 / (density at the quantile * count), and the density of an exponential tail is level / mean.
    const auto step = mean_ / (level * count_);
    if (score > quantile_) {
      peak_ = std::max(peak_, score);
      quantile_ += step * (1 - level);
      return;
    }
    if (peak_ > quantile_)
      learn_excess(peak_ - quantile_);
    peak_ = 0;
    quantile_ = std::max(quantile_ - step * level, least_quantile);
  }

  void begin(double quantile, double mean_excess) noexcept;
  shape fitted() const noexcept;
  void add_first(double score, const tail_prior& prior) noexcept;
  void learn_excess(double excess) noexcept;

  // While it warms up: mean and sum of squares around it, of all scores.
  double quantile_;
  double mean_;   ///< of the excesses
  double square_; ///< mean of their squares
  double peak_;   ///< the highest of the scores that exceed at the moment; 0: the last one did not
  std::uint32_t count_;
  std::uint32_t excesses_;
};

static_assert(std::is_trivially_copyable_v<tail_estimate> && sizeof(tail_estimate) == 40);

} // namespace weir::core
