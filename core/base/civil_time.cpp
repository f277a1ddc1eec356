#include "core/base/civil_time.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace weir::core {

namespace {

/// The value of `count` digits, or -1.
int digits(const char* p, int count) noexcept {
  int value = 0;
  for (int i = 0; i < count; ++i) {
    const auto digit = static_cast<unsigned>(p[i]) - '0';
    if (digit > 9)
      return -1;
    value = value * 10 + static_cast<int>(digit);
  }
  return value;
}

bool is_day(int year, int month, int day) noexcept {
  return year >= 0 && month > 0 && day > 0 && (std::chrono::year{year} / month / day).ok();
}

/// Eight bytes of text in which `#` of the pattern stands for a digit and everything else for itself.
struct eight_bytes {
  std::uint64_t digits = 0; ///< 0x0f at each digit
  std::uint64_t plain = 0;  ///< the text with zeros for digits

  constexpr explicit eight_bytes(const char (&pattern)[9]) noexcept {
    for (int i = 0; i < 8; ++i) {
      const bool is_digit = pattern[i] == '#';
      digits |= std::uint64_t{is_digit ? 0x0fu : 0u} << 8 * i;
      plain |= static_cast<std::uint64_t>(is_digit ? '0' : pattern[i]) << 8 * i;
    }
  }

  /// The digits' values at `p`. Sets bits in `wrong` where the text does not fit.
  std::uint64_t read(const char* p, std::uint64_t& wrong) const noexcept {
    std::uint64_t text;
    std::memcpy(&text, p, 8);
    const auto values = text ^ plain;
    // A digit is at most 9: adding 6 does not carry out of its four bits.
    wrong |= (values | (values + (digits & 0x0606060606060606u))) & ~digits;
    return values;
  }
};

/// The pair of digits whose first one is byte `at`.
constexpr std::uint32_t pair_at(std::uint64_t values, int at) noexcept {
  return static_cast<std::uint32_t>((values * 10 + (values >> 8)) >> 8 * at & 0xff);
}

/// The usual form, `2026-01-05T13:45:10.123Z`, eight bytes at a time.
std::optional<std::int64_t> parse_usual(const char* p) noexcept {
  static constexpr eight_bytes first{"####-##-"}, second{"##T##:##"}, third{":##.###Z"};
  std::uint64_t wrong = 0;
  const auto a = first.read(p, wrong);
  const auto b = second.read(p + 8, wrong);
  const auto c = third.read(p + 16, wrong);
  const auto year = pair_at(a, 0) * 100 + pair_at(a, 2);
  const auto month = pair_at(a, 5);
  const auto day = pair_at(b, 0);
  const auto hour = pair_at(b, 3);
  const auto minute = pair_at(b, 6);
  const auto second_of_minute = pair_at(c, 1);
  const bool in_range = (month - 1 < 12) & (day - 1 < 28) & (hour < 24) & (minute < 60) & (second_of_minute < 60);
  if (wrong != 0 || !in_range || std::endian::native != std::endian::little)
    return std::nullopt;
  // Not std::chrono, which days_from_civil() uses: a record's every timestamp comes through here, and years that are
  // not negative need only 32 bits without a sign. 400 years more keep January of year 0 positive.
  const bool early = month <= 2;
  const auto y = year + 400 - early;
  const auto century = y / 100;
  const auto day_of_year = (153 * (early ? month + 9 : month - 3) + 2) / 5 + day - 1;
  const auto days = 365 * y + y / 4 - century + century / 4 + day_of_year;
  const auto seconds = (hour * 60 + minute) * 60 + second_of_minute;
  return (std::int64_t{days} - 719'468 - 146'097) * ms_per_day + std::int64_t{seconds} * ms_per_second
         + pair_at(c, 4) * 10 + (p[22] - '0');
}

/// Reads `Z`, `+hh:mm`, `-hh:mm` or nothing up to `end`, in milliseconds.
std::optional<std::int64_t> parse_offset(const char* p, const char* end) noexcept {
  if (p == end || ((*p == 'Z' || *p == 'z') && p + 1 == end))
    return 0;
  if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':')
    return std::nullopt;
  const auto hours = digits(p + 1, 2);
  const auto minutes = digits(p + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return std::nullopt;
  const auto offset = (hours * 60 + minutes) * 60'000;
  return *p == '+' ? offset : -offset;
}

char* put(char* out, std::int64_t value, int width) noexcept {
  for (int i = width - 1; i >= 0; --i, value /= 10)
    out[i] = static_cast<char>('0' + value % 10);
  return out + width;
}

} // namespace

std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept {
  if (text.size() == timestamp_text_size)
    if (const auto ms = parse_usual(text.data())) // not for the last days of a month: those are checked below
      return ms;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  const auto* p = text.data();
  const auto* end = p + text.size();
  const auto year = digits(p, 4);
  const auto month = digits(p + 5, 2);
  const auto day = digits(p + 8, 2);
  if (!is_day(year, month, day))
    return std::nullopt;
  auto ms = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) * ms_per_day;
  if (text.size() == 10)
    return ms;
  if (text.size() < 19 || (p[10] != 'T' && p[10] != 't' && p[10] != ' ') || p[13] != ':' || p[16] != ':')
    return std::nullopt;
  const auto hour = digits(p + 11, 2);
  const auto minute = digits(p + 14, 2);
  const auto second = digits(p + 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  ms += hour * ms_per_hour + minute * 60'000 + second * ms_per_second;
  p += 19;
  if (p != end && *p == '.') {
    int places = 0;
    std::int64_t scale = 100;
    for (++p; p != end && static_cast<unsigned>(*p) - '0' <= 9; ++p, ++places, scale /= 10)
      ms += (*p - '0') * scale;
    if (places == 0)
      return std::nullopt;
  }
  const auto offset = parse_offset(p, end);
  if (!offset)
    return std::nullopt;
  return ms - *offset;
}

char* format_timestamp(std::int64_t ms, char* out) noexcept {
  const auto days = floor_div(ms, ms_per_day);
  auto rest = ms - days * ms_per_day;
  const auto date = civil_from_days(days);
  out = put(out, date.year, 4);
  *out++ = '-';
  out = put(out, date.month, 2);
  *out++ = '-';
  out = put(out, date.day, 2);
  *out++ = 'T';
  out = put(out, rest / ms_per_hour, 2);
  rest %= ms_per_hour;
  *out++ = ':';
  out = put(out, rest / 60'000, 2);
  rest %= 60'000;
  *out++ = ':';
  out = put(out, rest / ms_per_second, 2);
  *out++ = '.';
  out = put(out, rest % ms_per_second, 3);
  *out++ = 'Z';
  return out;
}

std::string time_text(std::int64_t ms) {
  if (!is_rfc3339_time(ms))
    return std::to_string(ms);
  std::array<char, timestamp_text_size> text{};
  return {text.data(), format_timestamp(ms, text.data())};
}

} // namespace weir::core
