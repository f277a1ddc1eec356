#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// The seven levels that part a stream into eight shares of about equal size, and follow it: taken from the first
/// values, then moved with each by a step of stochastic approximation (Tierney 1983). Where most values are equal some
/// levels are equal, too, and some shares stay empty. Plain bytes, all zero before the first value.
class streaming_octiles {
public:
  static constexpr std::size_t shares = 8;
  /// Values from which the levels are first taken.
  static constexpr std::size_t first_values = 32;

  /// Takes a value in and says in which share it lies, 0 the lowest. @param value finite
  std::size_t add(double value) noexcept;

  double median() const noexcept { return levels_[3]; }
  double lower_quartile() const noexcept { return levels_[1]; }
  double upper_quartile() const noexcept { return levels_[5]; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  void take_levels() noexcept;
  void move_levels(double value) noexcept;

  std::array<double, shares - 1> levels_; ///< ascending
  std::array<double, first_values> first_;
  std::uint64_t held_; ///< of first_
  std::uint64_t count_;
};

static_assert(
    std::is_trivially_copyable_v<streaming_octiles> && std::is_trivially_default_constructible_v<streaming_octiles>);

} // namespace weir::core
