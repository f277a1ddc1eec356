#include "core/base/shortest_decimal.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace weir::core {

namespace {

__extension__ using uint128 = unsigned __int128;

/// The top 128 bits of a power of ten, rounded up.
struct power {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

constexpr int least_exponent = -292;
constexpr int largest_exponent = 324;

/// A natural number of up to 1216 bits, enough for 10^324 and for 2^1200 / 10^292.
struct large_number {
  std::array<std::uint32_t, 38> words{}; ///< least first

  constexpr void multiply(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (auto& word : words) {
      carry += std::uint64_t{word} * factor;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }

  constexpr void divide(std::uint32_t divisor) {
    std::uint64_t rest = 0;
    for (auto i = words.size(); i-- > 0;) {
      rest = rest << 32 | words[i];
      words[i] = static_cast<std::uint32_t>(rest / divisor);
      rest %= divisor;
    }
  }

  /// The bits from the highest one on; one more when anything but zeros follows, or `inexact`.
  constexpr power top(bool inexact) const {
    auto highest = words.size() - 1;
    while (words[highest] == 0)
      --highest;
    const auto shift = static_cast<unsigned>(std::countl_zero(words[highest]));
    std::array<std::uint32_t, 4> taken{};
    for (std::size_t i = 0; i < 4; ++i) {
      const auto word = i <= highest ? words[highest - i] : 0;
      const auto next = i + 1 <= highest ? words[highest - i - 1] : 0;
      taken[i] = shift == 0 ? word : word << shift | next >> (32 - shift);
    }
    if (highest >= 4 && (words[highest - 4] << shift) != 0)
      inexact = true;
    for (std::size_t i = 5; i <= highest; ++i)
      inexact = inexact || words[highest - i] != 0;
    const auto value = uint128{taken[0]} << 96 | uint128{taken[1]} << 64 | uint128{taken[2]} << 32 | taken[3];
    const auto rounded = value + inexact;
    return {static_cast<std::uint64_t>(rounded >> 64), static_cast<std::uint64_t>(rounded)};
  }
};

constexpr std::size_t powers_count = largest_exponent - least_exponent + 1;

constexpr std::array<power, powers_count> make_powers() {
  std::array<power, powers_count> table{};
  large_number up, down;
  up.words[0] = 1;
  down.words.back() = 1u << 16;
  for (int e = 0; e <= largest_exponent; ++e, up.multiply(10))
    table[static_cast<std::size_t>(e - least_exponent)] = up.top(false);
  for (int e = -1; e >= least_exponent; --e) {
    down.divide(10);
    table[static_cast<std::size_t>(e - least_exponent)] = down.top(true);
  }
  return table;
}

constexpr auto powers = make_powers();

/// The high 64 bits of the product, the lowest of them set when anything below is not zero.
std::uint64_t round_to_odd(const power& g, std::uint64_t factor) noexcept {
  const auto low = uint128{g.low} * factor;
  const auto sum = uint128{g.high} * factor + static_cast<std::uint64_t>(low >> 64);
  return static_cast<std::uint64_t>(sum >> 64) | (static_cast<std::uint64_t>(sum) > 1);
}

} // namespace

decimal shortest_decimal(double value) noexcept {
  constexpr int fraction_bits = 52;
  constexpr auto hidden_bit = std::uint64_t{1} << fraction_bits;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto fraction = bits & (hidden_bit - 1);
  const auto biased = static_cast<int>(bits >> fraction_bits);
  const auto c = biased == 0 ? fraction : fraction | hidden_bit;
  const auto q = (biased == 0 ? 1 : biased) - 1075;
  if (q <= 0 && q > -fraction_bits - 1 && (c & ((std::uint64_t{1} << -q) - 1)) == 0)
    return {c >> -q, 0};

  // What rounds to `value` lies between (4c - 2) and (4c + 2), in units of 2^(q - 2); below a power of two only half as
  // far.
  const bool closer_below = fraction == 0 && biased > 1;
  const auto left = 4 * c - 2 + closer_below;
  const auto middle = 4 * c;
  const auto right = 4 * c + 2;
  const int k = (q * 1'262'611 - (closer_below ? 524'031 : 0)) >> 22; // floor(log10(2^q)), or of 3/4 2^q
  const int h = q + ((-k * 1'741'647) >> 19) + 1;                     // the last term: floor(log2(10^-k))
  const auto& g = powers[static_cast<std::size_t>(-k - least_exponent)];
  const auto odd = c & 1;
  const auto lower = round_to_odd(g, left << h) + odd;
  const auto centre = round_to_odd(g, middle << h);
  const auto upper = round_to_odd(g, right << h) - odd;

  const auto s = centre / 4;
  if (s >= 10) {
    const auto tens = s / 10;
    const bool down = lower <= 40 * tens;
    const bool up = 40 * tens + 40 <= upper;
    if (down != up)
      return {tens + up, k + 1};
  }
  const bool down = lower <= 4 * s;
  const bool up = 4 * s + 4 <= upper;
  if (down != up)
    return {s + up, k};
  const auto half = 4 * s + 2;
  return {s + (centre > half || (centre == half && (s & 1) != 0)), k};
}

} // namespace weir::core
