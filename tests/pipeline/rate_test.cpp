#include "core/base/civil_time.hpp"
#include "lane_fixture.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

namespace weir::config {
namespace {

using test::lane;

/// Records of devices at seconds behind a moment, each its own time; and what is said of how many come in a minute.
class rate_test : public test::lane_fixture {
protected:
  static constexpr std::int64_t start = 1'767'225'600'000; // 2026-01-01T00:00:00Z

  struct event {
    std::string device;
    double second;
  };

  static std::string sections(const std::string& options, const std::string& when = "odd") {
    return "schema: { device: string, at: timestamp }\ndetect: [ { rate: 60s, "
           + (options.empty() ? "" : options + ", ")
           + "as: odd, score: score, anomaly_score: rarity, severity: severity, reason: why, count: count, usual: "
             "usual } ]\nalerts: [ { name: rate, when: "
           + when + ", summary: \"{why}\" } ]\n";
  }

  static std::int64_t at(double second) { return start + std::llround(1000 * second); }

  static core::batch feed(lane& to, const std::vector<event>& events) {
    std::vector<std::string> records;
    std::vector<std::int64_t> times;
    for (const auto& e : events) {
      records.push_back(R"({"device":")" + e.device + R"(","at":)" + std::to_string(at(e.second)) + "}");
      times.push_back(at(e.second));
    }
    return to.run(records, times);
  }

  /// So many records of a device in each minute from one on.
  static std::vector<event> minutes(const std::string& device, int from, const std::vector<int>& counts) {
    std::vector<event> events;
    for (std::size_t m = 0; m < counts.size(); ++m)
      for (int i = 0; i < counts[m]; ++i)
        events.push_back({device, 60.0 * (from + static_cast<int>(m)) + 59.0 * i / counts[m]});
    return events;
  }

  static std::vector<event> steady(const std::string& device, int from, int to, int count = 40) {
    return minutes(device, from, std::vector<int>(static_cast<std::size_t>(to - from), count));
  }

  static std::vector<event> in_order(std::vector<event> some, const std::vector<event>& more) {
    some.insert(some.end(), more.begin(), more.end());
    std::ranges::stable_sort(some, {}, &event::second);
    return some;
  }

  /// `status: summary` of each alert, a line each.
  static std::string alerts(const core::batch& b) {
    std::string text;
    for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i) {
      const auto value = b.alerts->value(i);
      const auto member = [&](std::string_view name) {
        const auto begin = value.find("\"" + std::string{name} + "\":\"") + name.size() + 4;
        return std::string{value.substr(begin, value.find('"', begin) - begin)};
      };
      text += member("status") + ": " + member("summary") + '\n';
    }
    return text;
  }

  /// Each value once while it stays, of the records of a device.
  static std::string column(const lane& from, const core::batch& b, const std::string& name,
                            const std::string& device = "a") {
    const auto& values = b.at(*from.plan().columns->find(name));
    const auto& devices = b.at(*from.plan().columns->find("device"));
    std::string text;
    std::string last;
    for (const auto row : b.rows) {
      if (devices.text[row] != device)
        continue;
      auto value = values.is_null(row)                         ? "-"
                   : values.type == core::column_type::float64 ? std::to_string(std::lround(values.f64[row]))
                   : values.type == core::column_type::string  ? std::string{values.text[row]}
                                                               : std::to_string(values.i64[row]);
      if (value != last)
        text += (text.empty() ? "" : " ") + value;
      last = std::move(value);
    }
    return text;
  }
};

TEST_F(rate_test, a_records_columns_are_about_the_last_minute_that_has_closed) {
  lane seen{plan(sections("by: device"))};
  auto counts = std::vector<int>(30, 40);
  counts.insert(counts.end(), {150, 41, 39});
  const auto b = feed(seen, minutes("a", 0, counts));
  EXPECT_EQ(column(seen, b, "odd"), "- 0 1 0");
  EXPECT_EQ(column(seen, b, "count"), "- 40 150 41");
  EXPECT_EQ(column(seen, b, "severity"), "- critical -");
  EXPECT_EQ(alerts(b).substr(0, 85),
            "firing: device a had 150 records in 60 s from 2026-01-01T00:30:00.000Z, where 40 are ")
      << alerts(b);
  EXPECT_EQ(std::ranges::count(alerts(b), '\n'), 2) << alerts(b);
}

TEST_F(rate_test, there_is_no_verdict_before_so_many_whole_minutes) {
  lane seen{plan(sections("by: device, min_count: 5"))};
  // The first minute may have begun before the device did, so 1 to 5 teach, and the verdict on 6 stands in 7.
  const auto b = feed(seen, steady("a", 0, 8));
  const auto& odd = b.at(*seen.plan().columns->find("odd"));
  for (const auto row : b.rows)
    EXPECT_EQ(odd.is_null(row), row < 7 * 40) << row;
}

TEST_F(rate_test, a_device_that_falls_to_no_records_is_told_by_a_tick_and_once) {
  lane seen{plan(sections("by: device"))};
  EXPECT_EQ(alerts(feed(seen, in_order(steady("a", 0, 30), steady("b", 0, 30, 3)))), "");
  EXPECT_EQ(alerts(seen.tick(at(30 * 60 + 59))), "");
  const auto told = alerts(seen.tick(at(31 * 60)));
  EXPECT_EQ(told.substr(0, 82), "firing: device a had no records in 60 s from 2026-01-01T00:30:00.000Z, where 40 ar")
      << told;
  EXPECT_EQ(std::ranges::count(told, '\n'), 1);
  EXPECT_EQ(alerts(seen.tick(at(31 * 60 + 30))), "");
  EXPECT_EQ(alerts(seen.tick(at(50 * 60))), "");
  // The minute in which it comes back may be short; it ends the alert when it closes.
  EXPECT_EQ(alerts(feed(seen, minutes("a", 60, {20}))), "");
  const auto ended = alerts(seen.tick(at(61 * 60)));
  EXPECT_EQ(ended.substr(0, 9), "resolved:") << ended;
}

TEST_F(rate_test, the_records_of_others_close_the_minute_of_a_device_too) {
  lane seen{plan(sections("by: device"))};
  const auto b = feed(seen, in_order(steady("a", 0, 30), steady("b", 0, 33)));
  EXPECT_EQ(alerts(b).substr(0, 39), "firing: device a had no records in 60 s") << alerts(b);
  EXPECT_EQ(std::ranges::count(alerts(b), '\n'), 1) << alerts(b);
}

TEST_F(rate_test, a_stream_as_a_whole_is_watched_without_a_key) {
  lane seen{plan(sections(""))};
  EXPECT_EQ(alerts(feed(seen, in_order(steady("a", 0, 30, 20), steady("b", 0, 30, 20)))), "");
  const auto told = alerts(feed(seen, minutes("c", 30, {200, 1})));
  EXPECT_EQ(told.substr(0, 67), "firing: the stream had 200 records in 60 s from 2026-01-01T00:30:00") << told;
}

TEST_F(rate_test, a_threshold_is_of_standard_deviations_and_a_rule_may_ask_for_one_side) {
  lane low{plan(sections("by: device, threshold: 4", "odd and score < 0"))};
  EXPECT_EQ(alerts(feed(low, minutes("a", 0, {40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 90, 40}))), "");
  EXPECT_EQ(alerts(feed(low, minutes("a", 14, {10, 40}))).substr(0, 8), "firing: ");
}

TEST_F(rate_test, late_records_count_in_the_minute_that_is_open) {
  lane seen{plan(sections("by: device, time: at"))};
  auto events = steady("a", 0, 3);
  for (int i = 0; i < 5; ++i)
    events.push_back({"a", 10.0});
  events.push_back({"a", 181});
  const auto b = feed(seen, events);
  EXPECT_EQ(column(seen, b, "count"), "- 40 45");
}

TEST_F(rate_test, an_alert_that_lasts_is_repeated_and_a_key_that_never_comes_back_is_forgotten) {
  lane seen{plan(sections("by: device, forget_after: 10m", "odd, repeat: 3m"))};
  feed(seen, steady("a", 0, 30));
  std::string all;
  for (int minute = 31; minute < 60; ++minute)
    all += alerts(seen.tick(at(60 * minute))).substr(0, 46);
  EXPECT_EQ(all, "firing: device a had no records in 60 s from 2firing: device a had no records in 60 s from 2"
                 "firing: device a had no records in 60 s from 2"
                 "resolved: device a is forgotten, after 600 s w");
  EXPECT_EQ(seen.counts().keys, 0u);
}

TEST_F(rate_test, who_takes_the_lane_up_does_not_tell_again_what_was_told) {
  lane seen{plan(sections("by: device"))};
  feed(seen, in_order(steady("a", 0, 30), steady("b", 0, 31)));
  EXPECT_NE(alerts(seen.tick(at(31 * 60))), "");
  seen.commit();
  EXPECT_EQ(seen.restart(), "");
  EXPECT_EQ(alerts(seen.tick(at(31 * 60 + 10))), "");
  EXPECT_EQ(alerts(seen.tick(at(32 * 60))).substr(0, 33), "firing: device b had no records i");
  EXPECT_EQ(seen.restart(), ""); // killed before the commit
  EXPECT_EQ(alerts(seen.tick(at(32 * 60 + 5))).substr(0, 33), "firing: device b had no records i");
  EXPECT_EQ(alerts(seen.tick(at(40 * 60))), "");
}

TEST_F(rate_test, a_lane_that_nothing_comes_to_has_nothing_to_commit_in_the_end) {
  lane seen{plan(sections("by: device"))};
  feed(seen, steady("a", 0, 5, 3));
  seen.commit();
  seen.tick(at(4 * 60 + 59.5));
  seen.commit();
  EXPECT_EQ(seen.committed(), 0u);
  seen.tick(at(5 * 60));
  seen.commit();
  EXPECT_GT(seen.committed(), 0u); // the minute that had records has closed
  seen.tick(at(6 * 60));           // and the empty one behind it
  seen.commit();
  for (const int minute : {7, 8, 100, 100'000}) {
    seen.tick(at(60.0 * minute));
    seen.commit();
    EXPECT_EQ(seen.committed(), 0u) << minute;
  }
}

TEST_F(rate_test, a_jump_of_time_costs_nothing_and_is_one_empty_minute) {
  lane seen{plan(sections("by: device, time: at"))};
  feed(seen, steady("a", 0, 30));
  const auto years = 3.0 * 365 * 86'400;
  std::vector<std::string> records{R"({"device":"b","at":)" + std::to_string(at(years)) + "}"};
  const auto told = alerts(seen.run(records, {at(years)}));
  EXPECT_EQ(std::ranges::count(told, '\n'), 1) << told;
  EXPECT_EQ(told.substr(0, 40), "firing: device a had no records in 60 s ");
}

TEST_F(rate_test, of_poisson_arrivals_at_most_one_minute_in_ten_thousand_is_odd) {
  std::mt19937_64 random{4};
  std::exponential_distribution<double> gap{12.0 * 12 / 60};
  lane seen{plan("schema: { device: string, at: timestamp }\ndetect: [ { rate: 60s, by: device, as: odd } ]\n"
                 "alerts: [ { name: rate, when: odd } ]\n")};
  double second = 0;
  std::size_t told = 0;
  while (second < 5000 * 60.0) { // 60,000 minutes of devices
    std::vector<event> events;
    for (int i = 0; i < 20'000; ++i)
      events.push_back({"d" + std::to_string(random() % 12), second += gap(random)});
    told += static_cast<std::size_t>(std::ranges::count(alerts(feed(seen, events)), '\n'));
  }
  EXPECT_LE(told, 6u);
}

TEST_F(rate_test, says_the_same_whatever_the_batches_and_wherever_it_was_restored) {
  std::mt19937_64 random{5};
  std::vector<event> events;
  double second = 0;
  for (int i = 0; i < 20'000; ++i) {
    const bool bursts = (i / 500) % 7 == 3;
    second += random() % 3000 == 0 ? 400.0 : std::exponential_distribution<double>{bursts ? 20.0 : 4.0}(random);
    const auto lateness = random() % 10 == 0 ? static_cast<double>(random() % 100) : 0.0;
    events.push_back({"d" + std::to_string(random() % (i > 10'000 ? 4 : 6)), second - lateness});
  }
  const auto lines = [&](std::size_t most, bool restarts) {
    lane seen{plan(sections("by: device, max_keys: 5, threshold: 3, suppress_for: 2m, forget_after: 30m"))};
    std::pair<std::string, std::string> text;
    for (std::size_t begin = 0; begin < events.size();) {
      const auto size = std::min<std::size_t>(1 + random() % most, events.size() - begin);
      const auto first = events.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto b = feed(seen, {first, first + static_cast<std::ptrdiff_t>(size)});
      text.first += alerts(b);
      const auto& score = b.at(*seen.plan().columns->find("score"));
      const auto& rarity = b.at(*seen.plan().columns->find("rarity"));
      const auto& odd = b.at(*seen.plan().columns->find("odd"));
      for (const auto row : b.rows) {
        text.second += odd.is_null(row) ? '-' : odd.i64[row] != 0 ? '1' : '0';
        const auto bits = [&](const core::column& of) {
          return of.is_null(row) ? std::string{"-"} : std::to_string(std::bit_cast<std::uint64_t>(of.f64[row]));
        };
        text.second += bits(score) + ' ' + bits(rarity) + '\n';
      }
      begin += size;
      if (restarts) {
        seen.commit();
        EXPECT_EQ(seen.restart(), "");
      }
    }
    return text;
  };
  const auto whole = lines(1, false);
  EXPECT_GT(std::ranges::count(whole.first, '\n'), 20);
  EXPECT_TRUE(lines(10'000, false) == whole);
  EXPECT_TRUE(lines(300, false) == whole);
  EXPECT_TRUE(lines(200, true) == whole);
}

TEST_F(rate_test, state_that_it_cannot_have_left_is_refused) {
  lane seen{plan(sections("by: device"))};
  feed(seen, steady("a", 0, 2));
  seen.commit();
  auto other = sections("by: device");
  other.replace(other.find("60s"), 3, "30s");
  EXPECT_NE(seen.restart_as(plan(other)), "");
}

TEST_F(rate_test, what_cannot_be_is_said_where_it_stands) {
  EXPECT_EQ(compile_errors(sections("by: device, forget_after: 60s")),
            "p.yaml:5:50: error: 'forget_after' must be longer than the interval\n");
  EXPECT_EQ(compile_errors(sections("forget_after: 2m")),
            "p.yaml:5:38: error: 'forget_after' belongs to a rate by key ('by')\n");
  EXPECT_EQ(compile_errors(sections("max_keys: 3")),
            "p.yaml:5:34: error: 'max_keys' belongs to a detector by key ('by')\n");
  EXPECT_EQ(compile_errors(sections("threshold: 3, false_alarm_rate: 0.001")),
            "p.yaml:5:56: error: a detector takes 'threshold' or 'false_alarm_rate', not both\n");
}

} // namespace
} // namespace weir::config
