#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace weir::core {

/// A number as RFC 8259 writes it: `(-1)^negative * digits * 10^exponent`.
struct json_number {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::uint64_t digits = 0;  ///< meaningless when `many`
  std::int32_t exponent = 0; ///< clamped; far outside what a double can hold
  bool negative = false;
  bool integral = true; ///< written without fraction and exponent
  bool many = false;    ///< more digits than `digits` can hold
};

inline bool is_digit(char c) noexcept {
  return static_cast<unsigned char>(c - '0') <= 9;
}

/// Reads a number at `p`. False when there is none. What follows is not looked at: the caller checks that the number
/// ends where the token does.
/// @pre the text ends in something that is no digit
inline bool read_json_number(const char* p, json_number& n) noexcept {
  n.begin = p;
  n.negative = *p == '-';
  p += n.negative;
  const char* first = p;
  std::uint64_t digits = 0;
  if (*p == '0') {
    if (is_digit(*++p))
      return false;
  } else {
    if (!is_digit(*p))
      return false;
    do
      digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
    while (is_digit(*++p));
  }
  auto count = p - first;
  n.integral = true;
  n.exponent = 0;
  if (*p == '.') {
    first = ++p;
    for (; is_digit(*p); ++p)
      digits = digits * 10 + static_cast<std::uint64_t>(*p - '0');
    if (p == first)
      return false;
    count += p - first;
    n.exponent = static_cast<std::int32_t>(first - p);
    n.integral = false;
  }
  if (*p == 'e' || *p == 'E') {
    ++p;
    const bool minus = *p == '-';
    p += *p == '-' || *p == '+';
    if (!is_digit(*p))
      return false;
    std::int32_t power = 0;
    for (; is_digit(*p); ++p)
      if (power < 100'000'000)
        power = power * 10 + (*p - '0');
    n.exponent += minus ? -power : power;
    n.integral = false;
  }
  n.digits = digits;
  n.many = count > 19;
  n.end = p;
  return true;
}

/// The nearest double; nothing when it is too large for one.
inline std::optional<double> to_double(const json_number& n) noexcept {
  static constexpr std::array<double, 23> power{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  // Both factors are exact, so that the one operation rounds correctly (Clinger 1990).
  if (!n.many && n.digits <= (std::uint64_t{1} << 53) && n.exponent >= -22 && n.exponent <= 22) {
    auto value = static_cast<double>(n.digits);
    value = n.exponent < 0 ? value / power[static_cast<std::size_t>(-n.exponent)]
                           : value * power[static_cast<std::size_t>(n.exponent)];
    return n.negative ? -value : value;
  }
  double value = 0;
  const auto read = std::from_chars(n.begin, n.end, value);
  if (read.ec == std::errc{})
    return value;
  // Out of range says nothing of the direction; the place of the first digit that counts does.
  std::int64_t place = n.exponent - 1;
  bool zero = true;
  for (const char* p = n.begin; p != n.end && (*p | 0x20) != 'e'; ++p) {
    zero = zero && (*p == '0' || !is_digit(*p));
    place += !zero && is_digit(*p);
  }
  if (!zero && place > 0)
    return std::nullopt;
  return n.negative ? -0.0 : 0.0;
}

/// The integer; nothing when it is none (`1.5`) or does not fit. `5.0` and `1e3` are integers.
inline std::optional<std::int64_t> to_int64(const json_number& n) noexcept {
  if (n.many)
    return std::nullopt;
  auto digits = n.digits;
  if (!n.integral && digits != 0) {
    for (auto e = n.exponent; e < 0; ++e, digits /= 10)
      if (digits % 10 != 0)
        return std::nullopt;
    for (auto e = n.exponent; e > 0; --e)
      if (__builtin_mul_overflow(digits, std::uint64_t{10}, &digits))
        return std::nullopt;
  }
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (digits > largest + n.negative)
    return std::nullopt;
  return static_cast<std::int64_t>(n.negative ? std::uint64_t{0} - digits : digits);
}

/// The whole of `text` as a number of JSON.
inline std::optional<json_number> json_number_of(std::string_view text) noexcept {
  json_number number;
  if (text.empty() || !read_json_number(text.data(), number) || number.end != text.data() + text.size())
    return std::nullopt;
  return number;
}

} // namespace weir::core
