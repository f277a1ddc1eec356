#include "core/format/decimal_text.hpp"

#include <array>
#include <charconv>
#include <vector>

namespace weir::core {

namespace {

constexpr std::array<std::int8_t, 256> base64_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}();

/// Appends the digits of an integer of up to eight bytes. True when it is negative.
bool append_short(std::string_view integer, std::string& out) {
  auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(integer[0])));
  for (const auto c : integer.substr(1))
    value = value << 8 | static_cast<unsigned char>(c);
  const bool negative = static_cast<std::int64_t>(value) < 0;
  std::array<char, 20> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), negative ? std::uint64_t{0} - value : value);
  out.append(text.data(), end.ptr);
  return negative;
}

/// The same for one of any length: nine digits at a time, from the last ones on.
bool append_long(std::string_view integer, std::string& out) {
  const bool negative = static_cast<signed char>(integer[0]) < 0;
  std::vector<std::uint32_t> words((integer.size() + 3) / 4, negative ? 0xffffffffu : 0u); // the lowest first
  for (std::size_t i = 0; i < integer.size(); ++i) {
    const auto shift = 8 * (i % 4);
    auto& word = words[i / 4];
    word = (word & ~(0xffu << shift))
           | std::uint32_t{static_cast<unsigned char>(integer[integer.size() - 1 - i])} << shift;
  }
  if (negative) {
    std::uint64_t carry = 1;
    for (auto& word : words) {
      carry += ~word & 0xffffffffu;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  std::string reversed;
  while (!words.empty()) {
    std::uint64_t rest = 0;
    for (auto word = words.rbegin(); word != words.rend(); ++word) {
      const auto value = rest << 32 | *word;
      *word = static_cast<std::uint32_t>(value / 1'000'000'000);
      rest = value % 1'000'000'000;
    }
    for (int i = 0; i < 9; ++i, rest /= 10)
      reversed.push_back(static_cast<char>('0' + rest % 10));
    while (!words.empty() && words.back() == 0)
      words.pop_back();
  }
  while (reversed.size() > 1 && reversed.back() == '0')
    reversed.pop_back();
  out.append(reversed.rbegin(), reversed.rend());
  return negative;
}

} // namespace

bool decode_base64(std::string_view text, std::string& out) {
  if (text.size() % 4 != 0)
    return false;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
    text.remove_suffix(1);
  std::uint32_t bits = 0;
  int count = 0;
  for (const auto c : text) {
    const auto value = base64_values[static_cast<unsigned char>(c)];
    if (value < 0)
      return false;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count));
    }
  }
  return true;
}

void append_decimal(std::string_view integer, std::int32_t scale, std::string& out) {
  const auto begin = out.size();
  const bool negative = integer.size() <= 8 ? append_short(integer, out) : append_long(integer, out);
  if (scale < 0 && out.compare(begin, std::string::npos, "0") != 0)
    out.append(static_cast<std::size_t>(-scale), '0');
  if (scale > 0) {
    const auto places = static_cast<std::size_t>(scale);
    const auto digits = out.size() - begin;
    if (digits <= places)
      out.insert(begin, places + 1 - digits, '0');
    out.insert(out.size() - places, 1, '.');
  }
  if (negative)
    out.insert(begin, 1, '-');
}

} // namespace weir::core
