#pragma once

#include "core/base/byte_codec.hpp"
#include "core/base/result.hpp"
#include "core/drift/column_verdict.hpp"
#include "core/drift/monitor_options.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace weir::core {

/// What somebody else knows of a column of texts.
struct category_baseline {
  std::vector<std::string> names;    ///< of categories, each once
  std::vector<std::uint64_t> counts; ///< as many
  std::uint64_t rest = 0;            ///< records with other texts
  std::uint64_t nulls = 0;
  std::uint64_t records = 0; ///< with nulls; 0: nothing is known of nulls
};

/// What is kept of a column of texts: how often the most frequent ones came, and all others together, in a baseline and
/// in the window at hand. Texts are told apart by a hash of 64 bits. 19 KiB, trivially copyable; all zero is the
/// beginning. Not thread-safe.
class category_monitor {
public:
  static constexpr std::size_t max_categories = 64;
  /// Texts among which the most frequent ones are chosen: the first ones that come.
  static constexpr std::size_t max_candidates = 256;
  /// Bytes of a text that are kept, to be shown.
  static constexpr std::size_t max_name = 47;

  /// What is kept of the texts of a baseline or a window.
  struct summary {
    std::uint64_t records; ///< with nulls
    std::uint64_t nulls;
    std::array<std::uint64_t, max_categories + 1> counts; ///< the rest behind the last category

    bool valid(std::size_t categories) const noexcept;
  };

  /// 20 ns for a short text.
  void add(std::string_view text, const monitor_options& options) noexcept;
  void add_null(const monitor_options& options) noexcept;

  /// Takes the baseline of somebody else's, at the beginning. Of more than 64 categories the most frequent ones are
  /// kept, the others are the rest. An error where it makes no sense.
  [[nodiscard]] result<void> give(const category_baseline& baseline);

  /// Whether there is a baseline.
  bool is_watching() const noexcept { return phase_ == watching; }
  /// Records of the window, with nulls.
  std::uint64_t records() const noexcept { return window_.records; }

  /// What the methods say of the window; those that are for numbers, or for which something is missing, say nothing.
  /// @param alpha how probable a false alarm may be, above 0 and below 1
  column_verdict verdict(std::span<const drift_method> methods, double alpha) const;

  /// Begins the next window. Of a sliding baseline the last one is that now, if it had values; the categories stay.
  void next_window(const monitor_options& options) noexcept;

  /// Takes in the baseline and the window of another lane; what it counts under other names goes to the rest. A
  /// baseline that is the same in both, such as one that was given to both, counts once. An error where one alone has
  /// chosen its categories: this one is as it was.
  [[nodiscard]] result<void> merge(const category_monitor& other);

  /// Chooses categories by the texts so far, forgets how many there were and watches, with no baseline before rebase().
  void begin_windows() noexcept;
  /// Makes the window the baseline, and begins the next. @pre is_watching()
  void rebase() noexcept;

  /// Bytes of the categories alone.
  void encode_bins(std::string& into) const;
  /// Watches with categories of encode_bins(), as after begin_windows(). False: they are damaged, and this is as it
  /// was.
  [[nodiscard]] bool begin_windows(byte_reader& bins);

  /// Whether categories and baseline are those of another.
  bool has_baseline_of(const category_monitor& other) const noexcept { return is_of_same_baseline(other); }

  const summary& baseline() const noexcept { return reference_; }
  const summary& window() const noexcept { return window_; }
  /// How many categories have a count of their own.
  std::size_t categories() const noexcept { return used_; }
  std::string_view name(std::size_t i) const noexcept { return {names_[i].text.data(), names_[i].size}; }
  /// Of the window; at categories() stands the rest.
  std::span<const std::uint64_t> counts() const noexcept { return {window_.counts.data(), used_ + 1}; }

  /// Bytes for the changelog and the wire.
  void encode(std::string& into) const;
  /// Takes what encode() has written off the front. False: it is damaged, and this is as it was.
  [[nodiscard]] bool decode(byte_reader& from);

private:
  enum : std::uint32_t {
    choosing, ///< categories
    counting, ///< the baseline in them
    watching,
  };

  struct category {
    std::uint64_t hash;
    std::uint64_t count; ///< while they are chosen
    std::uint8_t size;
    std::array<char, max_name> text;
  };

  static constexpr std::size_t slots = 2 * max_candidates;

  /// The category of a hash, or used_.
  std::size_t find(std::uint64_t hash) const noexcept;
  /// There is room for one more.
  void put_in(std::uint64_t hash, std::string_view text, std::uint64_t count) noexcept;
  void go_on(const monitor_options& options) noexcept;
  void keep_most_frequent() noexcept;
  bool is_of_same_baseline(const category_monitor& other) const noexcept;
  std::span<const std::uint64_t> counts_of(const summary& of) const noexcept { return {of.counts.data(), used_ + 1}; }

  std::uint32_t phase_;
  std::uint32_t used_;
  std::array<std::uint16_t, slots> table_; ///< open addressing; 1 + the number of a category
  std::array<category, max_candidates> names_;
  summary reference_;
  summary window_;
};

static_assert(
    std::is_trivially_copyable_v<
        category_monitor> && std::is_trivially_default_constructible_v<category_monitor> && sizeof(category_monitor) <= 19 * 1024);

} // namespace weir::core
