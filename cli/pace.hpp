#pragma once

#include <chrono>
#include <cstdint>

namespace weir::cli {

/// Spreads work evenly over time. Pure: the caller says what time it is, and sleeps.
class pace {
public:
  using duration = std::chrono::nanoseconds;

  /// @param rate pieces a second; 0: as fast as it goes.
  explicit pace(double rate) noexcept : rate_{rate} {}

  /// How long to wait before the next piece; never negative. `elapsed` is the time since the start, `done` how many
  /// pieces went before. What was missed is made up for without a pause.
  duration wait(duration elapsed, std::uint64_t done) const noexcept {
    if (rate_ <= 0)
      return duration::zero();
    const auto due =
        std::chrono::duration_cast<duration>(std::chrono::duration<double>(static_cast<double>(done) / rate_));
    return due > elapsed ? due - elapsed : duration::zero();
  }

private:
  double rate_;
};

} // namespace weir::cli
