#pragma once

#include "core/drift/share_change.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace weir::core {

/// How a window is compared with its baseline.
enum class drift_method : std::uint8_t {
  population_stability_index, ///< of bins or categories
  kolmogorov_smirnov,         ///< of numbers, by sketches
  wasserstein_distance,       ///< of numbers, by sketches, in standard deviations of the baseline
  jensen_shannon,             ///< of bins or categories
  chi_square,                 ///< of bins or categories
  welch,                      ///< of the mean of numbers
  variance_ratio,             ///< of the variance of numbers
  nulls,                      ///< of the share of nulls
};

std::string_view name_of(drift_method method) noexcept;
std::optional<drift_method> drift_method_named(std::string_view name) noexcept;

/// What one method says of a window.
struct method_verdict {
  drift_method method = drift_method::nulls;
  double statistic = 0;
  double p_value = 1;
  bool is_drift = false; ///< p_value is at most alpha
  double effect = 0;     ///< the statistic where it is an effect; of Welch's test Cohen's d, of chi-square Cramer's V
};

/// What is said of a column's window.
struct column_verdict {
  std::vector<method_verdict> methods; ///< those that had what they need
  double p_value = 1;                  ///< the least of them, times how many there are (Bonferroni)
  bool is_drift = false;               ///< p_value is at most alpha
  /// The share of the values that lie elsewhere, over bins or categories (total variation distance), in percent.
  double drift_percent = 0;
  /// How much that is on average where nothing has changed, from chance alone.
  double chance_percent = 0;

  /// Takes in what a method says.
  void add(drift_method method, double statistic, double p, double effect, double alpha);
  /// Behind the last method.
  void conclude(double alpha);
};

/// What is said of all columns of a stream at once.
struct stream_verdict {
  std::vector<bool> is_drift;   ///< of each column, while at most alpha of those told are false ones
  std::vector<double> p_values; ///< of each column, adjusted
  double drift_share = 0;       ///< how many of the columns, 0 to 1
};

/// By the columns' p values and Benjamini and Hochberg's rule.
stream_verdict verdict_of(std::span<const column_verdict> columns, double alpha);

/// Adds what the method for nulls says, if it is asked for and anything is known of the baseline's.
void judge_nulls(const share_of& reference, const share_of& window, std::span<const drift_method> methods, double alpha,
                 column_verdict& into);

/// Histograms of a baseline and a window.
struct binned_pair {
  std::span<const std::uint64_t> reference;
  std::span<const std::uint64_t> window;
};

/// Adds what the methods for bins or categories say, as far as they are asked for, and the shares in percent. Bins of
/// which fewer than ten values are expected go together with their neighbours before.
void judge_bins(binned_pair bins, std::span<const drift_method> methods, double alpha, column_verdict& into);

} // namespace weir::core
