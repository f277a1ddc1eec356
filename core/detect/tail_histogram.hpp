#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

namespace weir::core {

/// Says how rare a size is among those before it: -log10 of the share of them that are as large. Sizes are counted in
/// eighths of an octave, and fade in 10,000; above the largest fiftieth of them a Pareto tail goes on, whose exponent
/// is Hill's estimate (1975). So rarity is on one scale whatever the sizes measure. Plain bytes, all zero before the
/// first size.
///
/// `tail_estimate` knows a tail in 40 bytes, and of the bulk only the order. `auto` takes means of rarities, most of
/// which lie in the bulk: with it in place of this its score on NAB falls from 76.8 to 34. A verdict needs the tail
/// alone, and has no room for this one's 784 bytes in the state of each key.
class tail_histogram {
public:
  static constexpr double memory = 10'000;
  /// No size is rarer.
  static constexpr double most = 12;
  /// Sizes before a rarity counts in full.
  static constexpr double least_count = 200;

  /// The rarity of a size among those before it, then takes it in. 0 for the first one.
  /// @param size 0 at least; may be infinite
  double add(double size) noexcept;

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  static constexpr std::size_t bins = 192;
  static constexpr double bins_an_octave = 8;
  static constexpr double bin_of_one = 80; ///< so that sizes from 2^-10 to 2^14 have bins of their own

  static double position_of(double size) noexcept;
  double rarity(double position) const noexcept;
  void learn(std::size_t bin) noexcept;

  // A later size weighs more, so that none of those before it must be touched.
  std::array<float, bins> weights_; ///< bin 0: sizes of 0
  double total_;
  double weight_; ///< of the last size
};

static_assert(
    std::is_trivially_copyable_v<tail_histogram> && std::is_trivially_default_constructible_v<tail_histogram>);

} // namespace weir::core
