#pragma once

#include "core/drift/quantile_sketch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Where the middle of a distribution lies.
struct middle {
  double lower_quartile = 0;
  double median = 0;
  double upper_quartile = 0;
  double median_distance = 0; ///< the median of the distances from the median
};

/// The middle of about the last N values, of a large N, in 11.5 KB. The values are parted into blocks of N / 8. The
/// newest block, which is not yet full, is a quantile sketch (KLL); of each of the last eight full ones 64 quantiles
/// are kept, and the oldest block goes as a whole. The middle is that of the full blocks, so it is made anew once in N
/// / 8 values, and before there is one that of what was seen, made anew whenever that has grown by a quarter.
///
/// A rank is wrong by at most 1 / 128 + quantile_sketch::single_rank_error, 2.2 % of the values, with a probability of
/// 99 %; half of that is usual, as the errors of eight sketches are independent. Plain bytes, all zero before the first
/// value.
class sketched_window {
public:
  static constexpr std::size_t blocks = 8;

  /// @param x finite @param last N, `blocks` at least
  void push(double x, std::uint32_t last);

  /// Values that the middle is made of; 0: there is none yet.
  std::uint64_t count(std::uint32_t last) const noexcept { return full_ == 0 ? looked_at_ : full_ * block_of(last); }
  const middle& of_last() const noexcept { return middle_; }

  /// Whether bytes can be what push() has left.
  bool valid(std::uint32_t last) const noexcept;

private:
  static constexpr std::size_t points = 64;
  using quantiles = std::array<double, points>; ///< ascending: of the shares (i + 0.5) / points

  static std::uint64_t block_of(std::uint32_t last) noexcept { return last / blocks; }
  quantiles quantiles_of_newest() const;
  void look(std::size_t full) noexcept;

  quantile_sketch newest_;
  std::array<quantiles, blocks> blocks_; ///< a ring; `full_` of them are used
  middle middle_;
  std::uint64_t full_;
  std::uint64_t next_;      ///< the block that the newest becomes
  std::uint64_t looked_at_; ///< values, where no block is full
};

static_assert(
    std::is_trivially_copyable_v<sketched_window> && std::is_trivially_default_constructible_v<quantile_sketch>);

} // namespace weir::core
