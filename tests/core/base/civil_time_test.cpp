#include "core/base/civil_time.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace weir::core {
namespace {

std::string formatted(std::int64_t ms) {
  char text[timestamp_text_size];
  return {text, format_timestamp(ms, text)};
}

TEST(civil_time_test, reads_the_notations_of_rfc_3339) {
  constexpr std::int64_t noon = 1'767'614'400'000; // 2026-01-05T12:00:00Z
  for (const auto* text : {"2026-01-05T12:00:00Z", "2026-01-05T12:00:00.000Z", "2026-01-05t12:00:00z",
                           "2026-01-05 12:00:00", "2026-01-05T12:00:00", "2026-01-05T14:30:00+02:30",
                           "2026-01-05T04:00:00-08:00", "2026-01-05T12:00:00.0009999999Z", "2026-01-05T11:59:60Z"})
    EXPECT_EQ(parse_timestamp(text), noon) << text;
  EXPECT_EQ(parse_timestamp("2026-01-05T12:00:00.5Z"), noon + 500);
  EXPECT_EQ(parse_timestamp("2026-01-05T12:00:00.12+00:00"), noon + 120);
  EXPECT_EQ(parse_timestamp("2026-01-05"), noon - 12 * ms_per_hour);
  EXPECT_EQ(parse_timestamp("2024-02-29"), days_from_civil(2024, 2, 29) * ms_per_day);
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59.999Z"), -1);
}

TEST(civil_time_test, refuses_what_is_no_time) {
  for (const auto* text : {"",
                           "2026",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-01-32",
                           "2025-02-29",
                           "1900-02-29",
                           "2026-1-5",
                           "2026-01-05T",
                           "2026-01-05T24:00:00Z",
                           "2026-01-05T12:60:00Z",
                           "2026-01-05T12:00:61Z",
                           "2026-01-05T12:00:00.Z",
                           "2026-01-05T12:00:00X",
                           "2026-01-05T12:00:00+2:00",
                           "2026-01-05T12:00:00+24:00",
                           "2026-01-05T12:00:00ZZ",
                           "2026-01-05T12:00",
                           "2026/01/05",
                           "2026-01-05X12:00:00",
                           "-026-01-05",
                           "2026-01-05T12:00:00Z "})
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
}

TEST(civil_time_test, writes_what_it_reads) {
  std::mt19937_64 random{7};
  std::uniform_int_distribution<std::int64_t> any{days_from_civil(0, 1, 1) * ms_per_day,
                                                  days_from_civil(10'000, 1, 1) * ms_per_day - 1};
  for (int i = 0; i < 100'000; ++i) {
    const auto ms = any(random);
    ASSERT_TRUE(is_rfc3339_time(ms));
    ASSERT_EQ(parse_timestamp(formatted(ms)), ms);
  }
  EXPECT_EQ(formatted(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(formatted(-1), "1969-12-31T23:59:59.999Z");
}

TEST(civil_time_test, knows_hours_and_weekdays_before_and_after_the_epoch) {
  EXPECT_EQ(weekday_of(0), 3);
  EXPECT_EQ(weekday_of(-1), 2);
  EXPECT_EQ(weekday_of(*parse_timestamp("2026-01-05")), 0);
  EXPECT_EQ(hour_of(*parse_timestamp("2026-01-05T13:45:10Z")), 13);
  EXPECT_EQ(hour_of(-1), 23);
  EXPECT_EQ(hour_of(std::numeric_limits<std::int64_t>::min()), 16);
  EXPECT_EQ(hour_of(std::numeric_limits<std::int64_t>::max()), 7);
}

TEST(civil_time_test, knows_the_date_of_every_timestamp) {
  const auto date_of = [](std::int64_t ms) {
    const auto date = civil_from_days(floor_div(ms, ms_per_day));
    return std::to_string(date.year) + "-" + std::to_string(date.month) + "-" + std::to_string(date.day);
  };
  EXPECT_EQ(date_of(0), "1970-1-1");
  EXPECT_EQ(date_of(-1), "1969-12-31");
  EXPECT_EQ(date_of(days_from_civil(2000, 2, 29) * ms_per_day), "2000-2-29");
  EXPECT_EQ(date_of(std::numeric_limits<std::int64_t>::max()), "292278994-8-17");
  EXPECT_EQ(date_of(std::numeric_limits<std::int64_t>::min()), "-292275055-5-16");
  for (int year : {-400, -1, 0, 1, 1900, 2000, 2024, 9999})
    for (const unsigned month : {1u, 2u, 3u, 12u})
      EXPECT_EQ(date_of(days_from_civil(year, month, 28) * ms_per_day),
                std::to_string(year) + "-" + std::to_string(month) + "-28");
}

} // namespace
} // namespace weir::core
