#include "core/base/number_text.hpp"

#include "core/base/shortest_decimal.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace weir::core {

namespace {

/// Bytes that are copied at once; no number has more digits.
constexpr std::ptrdiff_t block = 24;

constexpr auto pairs = [] {
  std::array<char, 200> table{};
  for (std::size_t i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();

void put_pair(std::uint32_t value, char* out) noexcept {
  std::memcpy(out, &pairs[std::size_t{2} * value], 2);
}

/// Eight digits, with zeros in front.
void put_eight(std::uint32_t value, char* out) noexcept {
  const auto high = value / 10'000;
  const auto low = value % 10'000;
  put_pair(high / 100, out);
  put_pair(high % 100, out + 2);
  put_pair(low / 100, out + 4);
  put_pair(low % 100, out + 6);
}

/// Writes the digits of `value` so that they end at `end`; returns where they begin.
char* put_backwards(std::uint64_t value, char* end) noexcept {
  while (value >= 100'000'000) {
    end -= 8;
    put_eight(static_cast<std::uint32_t>(value % 100'000'000), end);
    value /= 100'000'000;
  }
  auto rest = static_cast<std::uint32_t>(value);
  while (rest >= 100) {
    end -= 2;
    put_pair(rest % 100, end);
    rest /= 100;
  }
  if (rest >= 10) {
    end -= 2;
    put_pair(rest, end);
  } else {
    *--end = static_cast<char>('0' + rest);
  }
  return end;
}

char* put_exponent(int exponent, char* out) noexcept {
  *out++ = 'e';
  *out++ = exponent < 0 ? '-' : '+';
  return write_int64(std::abs(exponent), out);
}

} // namespace

char* write_int64(std::int64_t value, char* out) noexcept {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  if (magnitude < 10) {
    *out = static_cast<char>('0' + magnitude);
    return out + 1;
  }
  if (magnitude < 100) {
    put_pair(static_cast<std::uint32_t>(magnitude), out);
    return out + 2;
  }
  char digits[2 * block];
  const char* first = put_backwards(magnitude, digits + block);
  std::memcpy(out, first, block);
  return out + (digits + block - first);
}

char* write_double(double value, char* out) noexcept {
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (value == 0) {
    *out = '0';
    return out + 1;
  }
  const auto shortest = shortest_decimal(value);
  char buffer[3 * block];
  const char* end = buffer + block;
  const char* first = put_backwards(shortest.digits, buffer + block);
  const auto point = (end - first) + shortest.exponent; // digits in front of the decimal point
  while (end[-1] == '0')
    --end;
  const auto count = end - first;
  // Whole blocks, so that no copy is a call; what is too much is overwritten.
  const auto put = [&out](const char* from, std::ptrdiff_t size) {
    std::memcpy(out, from, block);
    out += size;
  };
  if (point > 21 || point < -5) {
    put(first, 1);
    if (count > 1) {
      *out++ = '.';
      put(first + 1, count - 1);
    }
    return put_exponent(static_cast<int>(point) - 1, out);
  }
  if (point <= 0) {
    put("0.0000000000000000000000", 2 - point);
    put(first, count);
  } else if (count <= point) {
    put(first, count);
    put("000000000000000000000000", point - count);
  } else {
    put(first, point);
    *out++ = '.';
    put(first + point, count - point);
  }
  return out;
}

} // namespace weir::core
