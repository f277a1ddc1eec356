#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Names and defaults are river's.
struct adwin_options {
  double delta = 0.002;                ///< how probable a false alarm may be at a look, above 0 and below 1
  std::uint32_t clock = 32;            ///< values between looks for a change, 1 at least
  std::uint32_t min_window_length = 5; ///< of each of the two parts that are compared, 1 at least
  std::uint32_t grace_period = 10;     ///< values before the first look
};

/// A window over the last values of a stream that grows while their mean stays and lets the old ones go when it has
/// changed (ADWIN2, Bifet and Gavalda 2007), as river's ADWIN with max_buckets 5. Values are summed up in buckets of 1,
/// 2, 4, ... of them, so that it has a fixed size: plain bytes, all zero when it has seen nothing. river's begins anew
/// after a change, and so does whoever puts `{}` in its place then.
///
/// It compares means: whoever looks for a change of something else gives it that, bounded as well as it can be.
class adwin {
public:
  /// Of each size.
  static constexpr std::size_t max_buckets = 5;
  /// Sizes of buckets. Of more values than these hold (2.5e10) the oldest go.
  static constexpr std::size_t max_sizes = 32;

  /// Takes a value in. True: the mean has changed, and what was in front of the change is gone.
  /// @param value finite
  bool add(double value, const adwin_options& options) noexcept;

  /// Values in the window.
  std::uint64_t width() const noexcept { return static_cast<std::uint64_t>(width_); }
  /// Of the values in the window; 0 without one.
  double mean() const noexcept { return width_ > 0 ? total_ / width_ : 0; }
  /// Population variance of the values in the window, approximately; 0 without one.
  double variance() const noexcept { return width_ > 0 && squares_ > 0 ? squares_ / width_ : 0; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  struct bucket {
    double total;
    double squares; ///< sum of squares around the mean
  };

  static double size_of(std::size_t row) noexcept { return static_cast<double>(std::uint64_t{1} << row); }
  void compress() noexcept;
  /// Lets the oldest bucket go.
  void drop_oldest() noexcept;
  /// Whether the oldest bucket goes because two parts of the window differ.
  bool has_change(const adwin_options& options) const noexcept;
  bool is_cut(double older, double newer, double distance, const adwin_options& options) const noexcept;

  // Where there is a row of buckets there are all of smaller ones. The oldest of a row stands first.
  std::uint64_t added_;
  std::uint64_t rows_;
  double width_;
  double total_;
  double squares_;
  std::array<std::uint64_t, max_sizes> counts_;
  std::array<std::array<bucket, max_buckets + 1>, max_sizes> buckets_; ///< one more while it is compressed
};

static_assert(std::is_trivially_copyable_v<adwin> && std::is_trivially_default_constructible_v<adwin>);

} // namespace weir::core
