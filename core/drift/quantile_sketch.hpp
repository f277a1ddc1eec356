#pragma once

#include "core/base/byte_codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace weir::core {

/// The values that a sketch holds, in order: for many questions at once.
struct quantile_view {
  std::vector<double> values;         ///< ascending
  std::vector<std::uint64_t> weights; ///< of the values up to each one, summed up: the last is the sketch's count

  std::uint64_t count() const noexcept { return weights.empty() ? 0 : weights.back(); }
  /// The share of values at or below x; 0 without a value.
  double rank(double x) const noexcept;
};

/// Quantiles of a stream in 8 KiB (KLL: Karnin, Lang and Liberty 2016, with k = 200, as Apache DataSketches has it).
/// A rank that it tells is wrong by at most `single_rank_error` of the count, all of its ranks at once by at most
/// `all_ranks_error`, each with a probability of 99 %, whatever the order of the values; up to 900 values it is exact.
/// Plain bytes, all zero when it has seen nothing. What it forgets is drawn by coins that follow from the seed and from
/// what it has taken, so that a replay leaves the same bytes. Up to 2^50 values.
class quantile_sketch {
public:
  static constexpr std::size_t k = 200;
  static constexpr double single_rank_error = 0.0133;
  static constexpr double all_ranks_error = 0.0165;

  /// Other seeds draw other coins: sketches that are merged are to have their own. Before the first value.
  void seed(std::uint64_t seed) noexcept { seed_ = seed; }

  /// Takes a value in; not a NaN, of which nothing is kept. 35 ns on average.
  void add(double value) noexcept {
    if (value != value)
      return;
    min_ = count_ == 0 || value < min_ ? value : min_;
    max_ = count_ == 0 || value > max_ ? value : max_;
    ++count_;
    if (used_ == max_items)
      compress();
    items_[max_items - ++used_] = value;
    ++sizes_[0];
    levels_ = levels_ == 0 ? 1 : levels_;
  }

  /// Takes in what another sketch has seen: as if all values had come here, within the errors above.
  /// Together they have no more than 2^50 values: another one of more is left out.
  void merge(const quantile_sketch& other) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  double min() const noexcept { return min_; } ///< 0 without a value
  double max() const noexcept { return max_; } ///< 0 without a value

  /// By how much ranks can be wrong: nothing while it holds all values, else `all_ranks_error`.
  double rank_error() const noexcept { return levels_ <= 1 ? 0 : all_ranks_error; }

  /// The share of values at or below x; 0 without a value.
  double rank(double x) const noexcept;
  /// The share of values at or below each of the points. @param points ascending
  std::vector<double> cdf(std::span<const double> points) const;
  /// The smallest value that at least this share of the values lies at or below; 0 without a value.
  /// @param share from 0, the least value, to 1, the largest
  double quantile(double share) const;
  quantile_view view() const;

  /// Bytes for the changelog and the wire: as many as are in use.
  void encode(std::string& into) const;
  /// Takes what encode() has written off the front. False: it is damaged, and this is as it was.
  [[nodiscard]] bool decode(byte_reader& from);

  /// Whether bytes can be what add() and merge() have left.
  bool valid() const noexcept;

private:
  static constexpr std::size_t max_levels = 44;
  static constexpr std::size_t max_items = 900;
  static constexpr std::size_t least_capacity = 8;

  static constexpr auto capacities = [] { // by the distance from the highest level
    std::array<std::size_t, max_levels> made{};
    double capacity = k;
    for (auto& one : made) {
      const auto rounded = static_cast<std::size_t>(capacity)
                           + (capacity > static_cast<double>(static_cast<std::size_t>(capacity)) ? 1 : 0);
      one = rounded < least_capacity ? least_capacity : rounded;
      capacity = capacity * 2 / 3;
    }
    return made;
  }();
  /// Whenever there is no room for so many more, a level is full.
  static constexpr std::size_t piece = max_levels;
  static_assert([] {
    std::size_t sum = 0;
    for (const auto one : capacities)
      sum += one;
    return sum <= max_items;
  }());

  std::size_t begin_of(std::size_t level) const noexcept;
  /// Halves levels that are full, from the lowest on: every other value goes, the others count twice, one level up.
  /// All of them, so that many values have room before the next time.
  void compress() noexcept;
  void halve(std::size_t level) noexcept;
  /// Puts values of a level in. @param values ascending but on level 0, at most `piece`
  void insert(std::size_t level, std::span<const double> values) noexcept;

  std::uint64_t seed_;
  std::uint64_t coins_; ///< that were drawn
  std::uint64_t count_;
  double min_;
  double max_;
  std::uint32_t levels_;
  std::uint32_t used_;
  std::array<std::uint16_t, max_levels> sizes_; ///< of levels; a value of level h counts 2^h times
  std::array<double, max_items> items_;         ///< at the end: level 0, then 1, ...; 0 in front of them
};

static_assert(
    std::is_trivially_copyable_v<
        quantile_sketch> && std::is_trivially_default_constructible_v<quantile_sketch> && sizeof(quantile_sketch) <= 8192);

} // namespace weir::core
