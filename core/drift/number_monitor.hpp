#pragma once

#include "core/base/byte_codec.hpp"
#include "core/base/result.hpp"
#include "core/drift/column_verdict.hpp"
#include "core/drift/monitor_options.hpp"
#include "core/drift/quantile_sketch.hpp"
#include "core/drift/shape_moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace weir::core {

/// What somebody else knows of a column of numbers.
struct number_baseline {
  std::vector<double> edges;         ///< between bins, ascending; a value at an edge is in the bin behind it
  std::vector<std::uint64_t> counts; ///< of bins, one more than edges
  std::uint64_t nulls = 0;
  std::uint64_t records = 0; ///< with the nulls; 0: nothing is known of nulls
  shape_moments moments{};   ///< without count: nothing is known of them
};

/// What is kept of a column of numbers: a baseline and the window at hand, each with nulls, moments, a histogram and,
/// if asked for, a sketch. 17 KiB, trivially copyable; all zero is the beginning. Not thread-safe.
class number_monitor {
public:
  static constexpr std::size_t max_bins = 32;

  /// What is kept of the values of a baseline or a window.
  struct summary {
    std::uint64_t records; ///< with nulls
    std::uint64_t nulls;
    shape_moments moments;
    std::array<std::uint64_t, max_bins> counts;
    quantile_sketch sketch;

    bool is_same(const summary& other) const;
    void encode(std::string& into) const;
    [[nodiscard]] bool decode(byte_reader& from);
  };

  /// Takes a value in. What is not finite counts as a null. 50 ns with a sketch.
  void add(double value, const monitor_options& options) noexcept {
    if (!std::isfinite(value))
      return add_null(options);
    auto& at = is_watching() ? window_ : reference_;
    ++at.records;
    // Fourth powers of these can be summed up. What is beyond counts as much as they do.
    at.moments.add(std::clamp(value, -1e70, 1e70));
    if (options.has_sketch || phase_ == choosing)
      at.sketch.add(value);
    if (phase_ != choosing)
      ++at.counts[bin_of(value)];
    if (!is_watching())
      go_on(options);
  }
  void add(std::span<const double> values, const monitor_options& options) noexcept {
    for (const auto value : values)
      add(value, options);
  }
  void add_null(const monitor_options& options) noexcept;

  /// Takes the baseline of somebody else's, at the beginning. An error where it makes no sense.
  [[nodiscard]] result<void> give(const number_baseline& baseline, const monitor_options& options);

  /// Whether there is a baseline.
  bool is_watching() const noexcept { return phase_ == watching; }
  /// Records of the window, with nulls.
  std::uint64_t records() const noexcept { return window_.records; }

  /// What the methods say of the window; those for which something is missing, or that are not for numbers, say
  /// nothing.
  /// @param alpha how probable a false alarm may be, above 0 and below 1
  column_verdict verdict(std::span<const drift_method> methods, double alpha) const;

  /// Begins the next window. Of a sliding baseline the last one is that now, if it had values; the bins stay.
  void next_window(const monitor_options& options) noexcept;

  /// Takes in the baseline and the window of another lane. A baseline that is the same in both, such as one that was
  /// given to both, counts once. Where bins differ the other's values are put into this one's
  /// by its sketches. An error where it has none then, or where one alone has bins: this one is as it was.
  [[nodiscard]] result<void> merge(const number_monitor& other);

  /// Chooses bins by the values so far, forgets these and watches, with no baseline before rebase().
  void begin_windows(const monitor_options& options) noexcept;
  /// Makes the window the baseline, and begins the next. @pre is_watching()
  void rebase(const monitor_options& options) noexcept;

  /// Bytes of the bins alone.
  void encode_bins(std::string& into) const;
  /// Watches with bins of encode_bins(), as after begin_windows(). False: they are damaged, and this is as it was.
  [[nodiscard]] bool begin_windows(byte_reader& bins, const monitor_options& options);

  /// Whether bins and baseline are those of another.
  bool has_baseline_of(const number_monitor& other) const;

  const summary& baseline() const noexcept { return reference_; }
  const summary& window() const noexcept { return window_; }
  std::span<const double> edges() const noexcept { return {edges_.data(), bins_ == 0 ? 0 : bins_ - 1}; }

  /// Bytes for the changelog and the wire.
  void encode(std::string& into) const;
  /// Takes what encode() has written off the front. False: it is damaged, and this is as it was.
  [[nodiscard]] bool decode(byte_reader& from);

private:
  enum : std::uint32_t {
    choosing, ///< bins
    counting, ///< the baseline in them
    watching,
  };

  std::size_t bin_of(double value) const noexcept {
    std::size_t bin = 0;
    for (std::size_t i = 0; i + 1 < bins_; ++i)
      bin += edges_[i] <= value ? 1 : 0;
    return bin;
  }
  std::span<const std::uint64_t> counts_of(const summary& of) const noexcept { return {of.counts.data(), bins_}; }
  /// What follows from another record of the baseline.
  void go_on(const monitor_options& options) noexcept;
  void choose_bins(const monitor_options& options) noexcept;
  void seed_sketch(summary& of, std::uint64_t part, const monitor_options& options) const noexcept;
  static void judge_sketches(const summary& reference, const summary& window, std::span<const drift_method> methods,
                             double alpha, column_verdict& into);
  /// Counts of a summary of another one's in this one's bins, by its sketch.
  std::vector<std::uint64_t> counted_anew(const summary& of) const;

  std::uint32_t phase_;
  std::uint32_t bins_; ///< 0 until they are chosen
  std::uint64_t windows_;
  std::array<double, max_bins - 1> edges_;
  summary reference_;
  summary window_;
};

static_assert(
    std::is_trivially_copyable_v<
        number_monitor> && std::is_trivially_default_constructible_v<number_monitor> && sizeof(number_monitor) <= 17 * 1024);

} // namespace weir::core
