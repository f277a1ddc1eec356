#pragma once

#include "core/base/floor_div.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Calendar arithmetic in UTC on milliseconds since 1970-01-01T00:00:00Z. Pure; no time zone data.

namespace weir::core {

inline constexpr std::int64_t ms_per_second = 1'000;
inline constexpr std::int64_t ms_per_hour = 3'600'000;
inline constexpr std::int64_t ms_per_day = 86'400'000;

/// A day of the proleptic Gregorian calendar.
struct civil_date {
  std::int64_t year = 1970;
  int month = 1; ///< 1-12
  int day = 1;   ///< 1-31
};

/// Days since 1970-01-01. @pre a day of the calendar, in a year that std::chrono::year holds
constexpr std::int64_t days_from_civil(int year, unsigned month, unsigned day) noexcept {
  using namespace std::chrono;
  return sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}
      .time_since_epoch()
      .count();
}

/// The inverse, for any day: a timestamp reaches further than the years of std::chrono, so that the years are taken 400
/// at a time, after which the calendar repeats.
constexpr civil_date civil_from_days(std::int64_t days) noexcept {
  constexpr std::int64_t days_of_era = 146'097;
  const auto era = floor_div(days, days_of_era);
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<std::int32_t>(days - era * days_of_era)}}};
  return {int{date.year()} + era * 400, static_cast<int>(unsigned{date.month()}),
          static_cast<int>(unsigned{date.day()})};
}

constexpr std::int64_t hour_of(std::int64_t ms) noexcept {
  const auto hours = floor_div(ms, ms_per_hour);
  return hours - floor_div(hours, 24) * 24;
}

/// 0 is Monday.
constexpr std::int64_t weekday_of(std::int64_t ms) noexcept {
  const auto days = floor_div(ms, ms_per_day) + 3; // 1970-01-01 was a Thursday
  return days - floor_div(days, 7) * 7;
}

/// Reads RFC 3339 (`2026-01-05T13:45:10.123Z`, any offset, `t`, `z` or a blank in place of `T`), a time without an
/// offset and a date alone (both UTC). Digits behind the millisecond are dropped; a leap second is the first of the
/// next minute. Nothing when `text` is anything else, or no day of the calendar.
std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept;

/// Longest text of format_timestamp().
inline constexpr std::size_t timestamp_text_size = 24;

/// Whether format_timestamp() can write it: years 0000 to 9999.
constexpr bool is_rfc3339_time(std::int64_t ms) noexcept {
  return ms >= days_from_civil(0, 1, 1) * ms_per_day && ms < days_from_civil(10'000, 1, 1) * ms_per_day;
}

/// Writes `2026-01-05T13:45:10.123Z` (24 bytes, no terminating zero) and returns the end.
/// @pre is_rfc3339_time(ms)
char* format_timestamp(std::int64_t ms, char* out) noexcept;

/// The same as a text; what format_timestamp() cannot write is a number of milliseconds.
std::string time_text(std::int64_t ms);

} // namespace weir::core
