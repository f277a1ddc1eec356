#pragma once

#include "core/drift/category_monitor.hpp"
#include "core/drift/number_monitor.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace weir::core {

/// Watches one column, of numbers or of texts: a baseline, the window at hand, and what changed between them. At most
/// 20 KiB. Whoever holds one adds values, asks for a verdict when a window is full, and begins the next. Of a stream on
/// several lanes each has one; merged they say what the stream does. Not thread-safe.
class column_monitor {
public:
  static column_monitor of_numbers(const monitor_options& options) { return {number_monitor{}, options}; }
  static column_monitor of_texts(const monitor_options& options) { return {category_monitor{}, options}; }

  /// For those that add values: the alternative that it was made with, else nothing.
  number_monitor* numbers() noexcept { return std::get_if<number_monitor>(&held_); }
  category_monitor* texts() noexcept { return std::get_if<category_monitor>(&held_); }
  const number_monitor* numbers() const noexcept { return std::get_if<number_monitor>(&held_); }
  const category_monitor* texts() const noexcept { return std::get_if<category_monitor>(&held_); }
  /// Whether bins and baseline are those of another.
  bool has_baseline_of(const column_monitor& other) const;
  const monitor_options& options() const noexcept { return options_; }

  /// Another monitor_options::seed, before the first value.
  void seed(std::uint64_t seed) noexcept { options_.seed = seed; }
  /// As it was made.
  void clear() noexcept {
    std::visit([](auto& one) { one = {}; }, held_);
  }

  bool is_watching() const noexcept {
    return std::visit([](const auto& one) { return one.is_watching(); }, held_);
  }
  /// Records of the window, with nulls.
  std::uint64_t records() const noexcept {
    return std::visit([](const auto& one) { return one.records(); }, held_);
  }
  column_verdict verdict(std::span<const drift_method> methods, double alpha) const {
    return std::visit([&](const auto& one) { return one.verdict(methods, alpha); }, held_);
  }
  void next_window() noexcept {
    std::visit([this](auto& one) { one.next_window(options_); }, held_);
  }

  /// Takes in the baseline and the window of another lane. An error where that is of another kind, or as the kind says.
  [[nodiscard]] result<void> merge(const column_monitor& other);

  /// Chooses bins or categories by what came so far, forgets that and watches, with no baseline before rebase().
  void begin_windows() noexcept;
  /// Makes the window the baseline, and begins the next. @pre is_watching()
  void rebase() noexcept;

  /// Bytes of the bins or categories alone.
  void encode_bins(std::string& into) const;
  /// Watches with what encode_bins() has written, as after begin_windows(). False: it is damaged or of the other kind,
  /// and this is as it was.
  [[nodiscard]] bool begin_windows(std::string_view bins);

  /// Bytes for the changelog and the wire; the options do not belong to them.
  void encode(std::string& into) const;
  /// Takes what encode() has written off the front. False: it is damaged or of the other kind, and this is as it was.
  [[nodiscard]] bool decode(byte_reader& from);

private:
  template <class Monitor>
  column_monitor(const Monitor& held, const monitor_options& options) : held_{held}, options_{options} {}

  std::variant<number_monitor, category_monitor> held_;
  monitor_options options_;
};

/// The methods that one begins with, and how probable a false alarm of a window may be for each column.
inline constexpr drift_method default_number_methods[] = {drift_method::population_stability_index,
                                                          drift_method::kolmogorov_smirnov, drift_method::nulls};
inline constexpr drift_method default_text_methods[] = {drift_method::chi_square, drift_method::nulls};
inline constexpr double default_alpha = 0.005;

} // namespace weir::core
