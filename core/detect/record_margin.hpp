#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// By how much a value is higher or lower than all before it, in units of the range between the highest and the
/// lowest. Plain bytes, all zero before the first value.
class record_margin {
public:
  /// A record by less of the range is none: noise within bounds comes ever nearer to them.
  static constexpr double least = 0.02;

  /// 0 for what is no record; 1 where all before were equal.
  double of(double value) const noexcept {
    if (count_ == 0)
      return 0;
    const auto beyond = std::max(value - high_, low_ - value);
    const auto range = high_ - low_;
    const auto margin = range > 0 ? beyond / range : beyond > 0 ? 1.0 : 0.0;
    return std::max(0.0, margin - least);
  }

  double low() const noexcept { return low_; }
  double high() const noexcept { return high_; }

  /// @param value finite
  void learn(double value) noexcept {
    low_ = count_ == 0 ? value : std::min(low_, value);
    high_ = count_ == 0 ? value : std::max(high_, value);
    ++count_;
  }

  /// Whether bytes can be what learn() has left.
  bool valid() const noexcept { return std::isfinite(low_) && std::isfinite(high_) && low_ <= high_; }

private:
  double low_;
  double high_;
  std::uint64_t count_;
};

static_assert(std::is_trivially_copyable_v<record_margin> && std::is_trivially_default_constructible_v<record_margin>);

} // namespace weir::core
