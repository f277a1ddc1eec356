#pragma once

#include "core/base/floor_div.hpp"

#include <cstdint>
#include <optional>
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

/// Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) noexcept {
  year -= month <= 2;
  const auto era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = year - era * 400;
  const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const auto day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

/// The inverse of days_from_civil(); the same source.
constexpr civil_date civil_from_days(std::int64_t days) noexcept {
  days += 719'468;
  const auto era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = days - era * 146'097;
  const auto year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto shifted_month = static_cast<int>((5 * day_of_year + 2) / 153);
  const auto day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const auto month = shifted_month + (shifted_month < 10 ? 3 : -9);
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

constexpr std::int64_t hour_of(std::int64_t ms) noexcept {
  return (ms - floor_div(ms, ms_per_day) * ms_per_day) / ms_per_hour;
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

} // namespace weir::core
