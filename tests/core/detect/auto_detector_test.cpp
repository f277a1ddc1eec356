#include "core/detect/auto_detector.hpp"

#include "core/base/civil_time.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

namespace weir::core {
namespace {

constexpr std::int64_t five_minutes = ms_per_hour / 12;
constexpr std::int64_t start = 1'700'000'000'000;
constexpr int values_a_day = 288;

/// A fortnight of a value every five minutes, of which `event` changes some.
std::vector<double> fortnight(const std::function<double(int, double)>& event) {
  std::mt19937_64 random{7};
  std::normal_distribution<double> noise;
  std::vector<double> made;
  for (int i = 0; i < 14 * values_a_day; ++i) {
    const auto daily = 50 + 20 * std::sin(2 * std::numbers::pi * i / values_a_day);
    made.push_back(event(i, daily + noise(random)));
  }
  return made;
}

/// Verdicts that are alarms, by position.
std::vector<std::pair<int, auto_verdict>> alarms_in(const std::vector<double>& series) {
  auto_detector detector{};
  std::vector<std::pair<int, auto_verdict>> found;
  for (int i = 0; i < static_cast<int>(series.size()); ++i)
    if (const auto verdict = detector.score(series[static_cast<std::size_t>(i)], start + i * five_minutes);
        verdict.score >= auto_detector::threshold)
      found.emplace_back(i, verdict);
  return found;
}

constexpr int event_at = 10 * values_a_day;

/// The first alarm in so many values from the event on; fails without one.
auto_verdict found_within(int values, const std::vector<double>& series) {
  for (const auto& [at, verdict] : alarms_in(series))
    if (at >= event_at && at < event_at + values)
      return verdict;
  ADD_FAILURE() << "no alarm within " << values << " values";
  return {};
}

TEST(auto_detector_test, finds_a_spike_when_it_comes) {
  const auto found = found_within(1, fortnight([](int i, double x) { return i == event_at ? x + 60 : x; }));
  EXPECT_GT(found.score, 0.2);
}

TEST(auto_detector_test, says_by_how_much_a_record_exceeds_what_was) {
  auto series = fortnight([](int, double x) { return x; });
  series[event_at] = 200;
  auto_detector detector{};
  auto_verdict said;
  double highest = 0, lowest = 1e9;
  for (int i = 0; i <= event_at; ++i) {
    const auto value = series[static_cast<std::size_t>(i)];
    said = detector.score(value, start + i * five_minutes);
    if (i < event_at) {
      highest = std::max(highest, value);
      lowest = std::min(lowest, value);
    }
  }
  if (said.loudest == auto_expert::record) {
    EXPECT_EQ(said.expected.value, highest);
    EXPECT_EQ(said.expected.spread, highest - lowest);
  } else {
    ASSERT_EQ(said.loudest, auto_expert::season);
    EXPECT_NEAR(said.expected.value, 50, 10);
  }
  EXPECT_GT(said.score, auto_detector::threshold);
}

TEST(auto_detector_test, finds_a_level_shift_within_an_hour) {
  found_within(12, fortnight([](int i, double x) { return i >= event_at ? x + 30 : x; }));
}

TEST(auto_detector_test, finds_a_flat_line_within_half_a_day) {
  const auto found =
      found_within(values_a_day / 2, fortnight([](int i, double x) { return i >= event_at ? 50.0 : x; }));
  EXPECT_NE(found.loudest, auto_expert::record); // 50 is an ordinary value
}

TEST(auto_detector_test, finds_a_day_of_another_shape) {
  const auto found = found_within(values_a_day, fortnight([](int i, double x) {
                                    const auto phase = 2 * std::numbers::pi * i / values_a_day;
                                    return i >= event_at ? x - 40 * std::sin(phase) : x; // upside down
                                  }));
  EXPECT_EQ(found.loudest, auto_expert::season);
  EXPECT_NEAR(found.expected.value, 50, 25);
}

TEST(auto_detector_test, makes_few_alarms_of_an_event_that_lasts) {
  const auto before = alarms_in(fortnight([](int, double x) { return x; })).size();
  const auto with = alarms_in(fortnight([](int i, double x) { return i >= event_at ? x + 30 : x; })).size();
  EXPECT_LE(with, before + 3);
}

TEST(auto_detector_test, is_quiet_on_quiet_series) {
  EXPECT_TRUE(alarms_in(std::vector<double>(20'000, 42.0)).empty());
  std::vector<double> days;
  for (int i = 0; i < 14 * values_a_day; ++i)
    days.push_back(i % values_a_day < 100 ? 20 : 80);
  EXPECT_TRUE(alarms_in(days).empty());
}

struct noise {
  const char* name;
  std::function<double(std::mt19937_64&)> draw;
};

/// How many of 200,000 values are alarms, in the first thousand and behind it.
std::pair<int, int> false_alarms(const noise& of, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  auto_detector detector{};
  int early = 0, late = 0;
  for (int i = 0; i < 200'000; ++i)
    if (detector.score(of.draw(random), start + i * ms_per_hour / 60).score >= auto_detector::threshold)
      ++(i < 1000 ? early : late);
  return {early, late};
}

std::vector<noise> noises() {
  const auto normal = [](std::mt19937_64& random) { return std::normal_distribution<double>{}(random); };
  return {{"Gaussian", normal},
          {"Laplace",
           [](std::mt19937_64& random) {
             const auto size = std::exponential_distribution<double>{}(random);
             return random() % 2 ? size : -size;
           }},
          {"log-normal", [=](std::mt19937_64& random) { return std::exp(normal(random)); }},
          {"Poisson", [](std::mt19937_64& random) { return std::poisson_distribution<int>{5}(random); }},
          {"AR(1)", [=, last = 0.0](std::mt19937_64& random) mutable { return last = last / 2 + normal(random); }}};
}

TEST(auto_detector_test, takes_less_than_one_in_ten_thousand_of_noise_for_an_anomaly_once_it_knows_it) {
  constexpr int seeds = 3;
  for (const auto& each : noises()) {
    int early = 0, late = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const auto [in_first_thousand, behind] = false_alarms(each, seed);
      early += in_first_thousand;
      late += behind;
    }
    EXPECT_LE(late, 20 * seeds) << each.name;
    EXPECT_LE(early, 8 * seeds) << each.name;
  }
}

TEST(auto_detector_test, goes_on_bit_by_bit_from_saved_bytes) {
  const auto series = fortnight([](int i, double x) { return i % 500 == 0 ? x * 2 : x; });
  auto_detector through{}, restored{};
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto time = start + static_cast<std::int64_t>(i) * five_minutes;
    if (i % 97 == 0) {
      std::array<std::byte, sizeof(auto_detector)> saved;
      std::memcpy(saved.data(), &restored, sizeof restored);
      auto_detector loaded{};
      std::memcpy(&loaded, saved.data(), sizeof loaded);
      ASSERT_TRUE(loaded.valid());
      restored = loaded;
    }
    const auto expected = through.score(series[i], time), got = restored.score(series[i], time);
    ASSERT_EQ(expected.score, got.score) << i;
    ASSERT_EQ(expected.expected.value, got.expected.value) << i;
  }
  EXPECT_EQ(std::memcmp(&through, &restored, sizeof through), 0);
}

TEST(auto_detector_test, scores_by_what_was_before_alone) {
  const auto whole = fortnight([](int i, double x) { return i % 700 == 0 ? x * 2 : x; });
  auto_detector first{};
  std::vector<double> scores;
  for (std::size_t i = 0; i < whole.size(); ++i)
    scores.push_back(first.score(whole[i], start + static_cast<std::int64_t>(i) * five_minutes).score);
  auto_detector second{};
  for (std::size_t i = 0; i < whole.size() / 2; ++i)
    ASSERT_EQ(second.score(whole[i], start + static_cast<std::int64_t>(i) * five_minutes).score, scores[i]);
}

TEST(auto_detector_test, never_says_what_is_no_number) {
  using limits = std::numeric_limits<double>;
  const std::array values{
      0.0,   -0.0, 1.0,    1.0,    limits::max(),      limits::lowest(),    limits::denorm_min(), limits::min(),
      1e308, 5.0,  -1e308, 1e-300, limits::infinity(), -limits::infinity(), limits::quiet_NaN()};
  const std::array times{
      std::int64_t{0}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(), start, start,
      start - 1};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random{seed};
    auto_detector detector{};
    for (int i = 0; i < 5000; ++i) {
      const auto value = values[random() % values.size()];
      const auto verdict = detector.score(value, times[random() % times.size()]);
      ASSERT_TRUE(verdict.score >= 0 && verdict.score <= 1) << value;
      ASSERT_TRUE(std::isfinite(verdict.expected.value) && std::isfinite(verdict.expected.spread)) << value;
    }
    ASSERT_TRUE(detector.valid());
  }
}

TEST(auto_detector_test, a_value_that_is_no_number_teaches_nothing) {
  auto_detector detector{};
  for (int i = 0; i < 500; ++i)
    detector.score(i % 7, start + i * five_minutes);
  const auto before = detector;
  EXPECT_EQ(detector.score(std::numeric_limits<double>::quiet_NaN(), start).score, 0);
  EXPECT_EQ(std::memcmp(&before, &detector, sizeof detector), 0);
}

TEST(auto_detector_test, refuses_bytes_that_it_cannot_have_left) {
  auto_detector detector{};
  EXPECT_TRUE(detector.valid());
  std::mt19937_64 random{11};
  for (int i = 0; i < 500; ++i)
    detector.score(static_cast<double>(random() % 100), start + i * five_minutes);
  ASSERT_TRUE(detector.valid());
  // Whatever the bytes are: what is taken for valid can be calculated with.
  for (int trial = 0; trial < 3000; ++trial) {
    auto broken = detector;
    std::array<unsigned char, sizeof(auto_detector)> bytes;
    std::memcpy(bytes.data(), &broken, sizeof broken);
    for (int i = 0; i < 3; ++i)
      bytes[random() % bytes.size()] = static_cast<unsigned char>(random());
    std::memcpy(&broken, bytes.data(), sizeof broken);
    if (!broken.valid())
      continue;
    for (int i = 0; i < 20; ++i) {
      const auto score = broken.score(static_cast<double>(i), start).score;
      ASSERT_TRUE(score >= 0 && score <= 1);
    }
  }
  std::memset(static_cast<void*>(&detector), 0xff, sizeof detector);
  EXPECT_FALSE(detector.valid());
}

} // namespace
} // namespace weir::core
