#include "core/base/civil_time.hpp"
#include "core/keyed/silence_watch.hpp"
#include "lane_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace weir::config {
namespace {

using test::lane;

/// Records of devices at seconds behind a moment, each its own time; and what alert rules say of their silence.
class silence_test : public test::lane_fixture {
protected:
  static constexpr std::int64_t start = 1'767'225'600'000; // 2026-01-01T00:00:00Z

  struct event {
    std::string device;
    std::int64_t second;
  };

  static std::string sections(const std::string& options, const std::string& when = "silent",
                              const std::string& more = "") {
    return "schema: { device: string, at: timestamp, x: double }\ndetect: [ { silence: 60s, "
           + (options.empty() ? "" : options + ", ")
           + "as: silent, ended: ended, silent_for: seconds, reason: why } ]\nalerts: [ { name: silence, when: " + when
           + ", summary: \"{why}\"" + more + " } ]\n";
  }

  static std::int64_t at(std::int64_t second) { return start + 1000 * second; }

  static core::batch feed(lane& to, const std::vector<event>& events) {
    std::vector<std::string> records;
    std::vector<std::int64_t> times;
    for (const auto& e : events) {
      records.push_back(R"({"device":")" + e.device + R"(","at":)" + std::to_string(at(e.second)) + "}");
      times.push_back(at(e.second));
    }
    return to.run(records, times);
  }

  /// `status time of its record, in seconds: summary` of each alert, a line each.
  static std::string alerts(const core::batch& b) {
    std::string text;
    for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i) {
      const auto value = b.alerts->value(i);
      const auto member = [&](std::string_view name) {
        const auto begin = value.find("\"" + std::string{name} + "\":") + name.size() + 3;
        return std::string{value.substr(begin, value.find_first_of(",}", begin) - begin)};
      };
      const auto status = member("status");
      const auto when = status == "\"firing\"" ? member("starts_at") : member("ends_at");
      const auto time = core::parse_timestamp(std::string_view{when}.substr(1, when.size() - 2));
      const auto begin = value.find("\"summary\":\"") + 11;
      text += status.substr(1, status.size() - 2) + ' ' + std::to_string((*time - start) / 1000) + ": "
              + std::string{value.substr(begin, value.find('"', begin) - begin)} + '\n';
    }
    return text;
  }

  static std::string column(const lane& from, const core::batch& b, const std::string& name) {
    const auto& values = b.at(*from.plan().columns->find(name));
    std::string text;
    for (const auto row : b.rows)
      text += (text.empty() ? "" : " ")
              + (values.is_null(row)                         ? "-"
                 : values.type == core::column_type::float64 ? std::to_string(std::lround(values.f64[row]))
                 : values.type == core::column_type::string  ? std::string{values.text[row]}
                                                             : std::to_string(values.i64[row]));
    return text;
  }
};

TEST_F(silence_test, a_key_that_nothing_comes_from_is_told_when_the_records_of_others_show_that_time_has_gone_on) {
  lane seen{plan(sections("by: device"))};
  const auto b = feed(seen, {{"a", 0}, {"b", 0}, {"b", 30}, {"b", 61}, {"b", 100}, {"a", 110}, {"b", 111}});
  EXPECT_EQ(alerts(b), "firing 61: device a has been silent for 61 s, since 2026-01-01T00:00:00.000Z\n"
                       "resolved 110: device a was silent for 110 s\n");
  EXPECT_EQ(column(seen, b, "silent"), "0 0 0 0 0 0 0");
  EXPECT_EQ(column(seen, b, "ended"), "0 0 0 0 0 1 0");
  EXPECT_EQ(column(seen, b, "seconds"), "- - - - - 110 -");
}

TEST_F(silence_test, a_tick_tells_it_without_a_record_and_only_once) {
  lane seen{plan(sections("by: device"))};
  EXPECT_EQ(alerts(feed(seen, {{"a", 0}, {"b", 20}})), "");
  EXPECT_EQ(alerts(seen.tick(at(59))), "");
  EXPECT_EQ(alerts(seen.tick(at(60))),
            "firing 60: device a has been silent for 60 s, since 2026-01-01T00:00:00.000Z\n");
  EXPECT_EQ(alerts(seen.tick(at(61))), "");
  EXPECT_EQ(alerts(seen.tick(at(85))),
            "firing 85: device b has been silent for 65 s, since 2026-01-01T00:00:20.000Z\n");
  EXPECT_EQ(alerts(seen.tick(at(600))), "");
  EXPECT_EQ(alerts(feed(seen, {{"b", 601}})), "resolved 601: device b was silent for 581 s\n");
}

TEST_F(silence_test, a_stream_as_a_whole_is_silent_too_even_if_it_never_said_anything) {
  lane seen{plan(sections(""))};
  EXPECT_EQ(alerts(seen.tick(at(0))), "");
  EXPECT_EQ(alerts(seen.tick(at(61))),
            "firing 61: the stream has been silent for 61 s, since 2026-01-01T00:00:00.000Z\n");
  EXPECT_EQ(alerts(feed(seen, {{"a", 70}})), "resolved 70: the stream was silent for 70 s\n");
  EXPECT_EQ(alerts(feed(seen, {{"b", 131}})),
            "firing 131: the stream has been silent for 61 s, since "
            "2026-01-01T00:01:10.000Z\nresolved 131: the stream was silent for 61 s\n");
}

TEST_F(silence_test, who_takes_the_lane_up_does_not_tell_again_what_was_told) {
  lane seen{plan(sections("by: device"))};
  feed(seen, {{"a", 0}, {"b", 50}});
  EXPECT_NE(alerts(seen.tick(at(60))), "");
  seen.commit();
  EXPECT_EQ(seen.restart(), "");
  EXPECT_EQ(alerts(seen.tick(at(61))), "");
  EXPECT_EQ(alerts(seen.tick(at(110))),
            "firing 110: device b has been silent for 60 s, since 2026-01-01T00:00:50.000Z\n");
  EXPECT_EQ(seen.restart(), ""); // killed before the commit
  EXPECT_EQ(alerts(seen.tick(at(115))),
            "firing 115: device b has been silent for 65 s, since 2026-01-01T00:00:50.000Z\n");
  EXPECT_EQ(alerts(feed(seen, {{"a", 116}})), "resolved 116: device a was silent for 116 s\n");
}

TEST_F(silence_test, a_tick_without_news_leaves_nothing_to_commit) {
  lane seen{plan(sections("by: device"))};
  feed(seen, {{"a", 0}});
  seen.commit();
  EXPECT_GT(seen.committed(), 0u);
  seen.tick(at(1));
  seen.tick(at(59));
  seen.commit();
  EXPECT_EQ(seen.committed(), 0u);
  seen.tick(at(60));
  seen.commit();
  EXPECT_GT(seen.committed(), 0u);
}

TEST_F(silence_test, a_clock_that_is_set_back_does_not_move_that_of_the_lane) {
  lane seen{plan(sections("by: device"))};
  feed(seen, {{"a", 0}, {"b", 30}});
  EXPECT_NE(alerts(seen.tick(at(60))), "");
  EXPECT_EQ(alerts(seen.tick(at(-5000))), "");
  EXPECT_EQ(alerts(feed(seen, {{"a", -4000}})), "resolved -4000: device a was silent for 60 s\n");
  EXPECT_EQ(alerts(seen.tick(at(89))), "");
  EXPECT_EQ(alerts(seen.tick(at(119))),
            "firing 119: device b has been silent for 89 s, since 2026-01-01T00:00:30.000Z\n");
  EXPECT_EQ(alerts(seen.tick(at(120))),
            "firing 120: device a has been silent for 60 s, since 2026-01-01T00:01:00.000Z\n");
}

TEST_F(silence_test, event_time_goes_on_with_the_wall_clock_from_where_the_records_left_it) {
  lane seen{plan(sections("by: device, time: at"))};
  // What is read in 2026 says 2012.
  seen.run({R"({"device":"a","at":"2012-05-01T00:00:00Z"})", R"({"device":"b","at":"2012-05-01T00:00:40Z"})"},
           {at(0), at(1)});
  EXPECT_EQ(alerts(seen.tick(at(20))), "");
  EXPECT_EQ(alerts(seen.tick(at(21))),
            "firing 21: device a has been silent for 60 s, since 2012-05-01T00:00:00.000Z\n");
  EXPECT_EQ(alerts(seen.tick(at(61))),
            "firing 61: device b has been silent for 60 s, since 2012-05-01T00:00:40.000Z\n");
  const auto b = seen.run({R"({"device":"a","at":"2012-05-01T00:01:50Z"})"}, {at(70)});
  EXPECT_EQ(column(seen, b, "seconds"), "110");
}

TEST_F(silence_test, a_key_that_never_comes_back_is_forgotten_and_its_alert_resolved) {
  lane seen{plan(sections("by: device, forget_after: 150s"))};
  feed(seen, {{"a", 0}});
  EXPECT_NE(alerts(seen.tick(at(60))), "");
  EXPECT_EQ(alerts(seen.tick(at(149))), "");
  EXPECT_EQ(alerts(seen.tick(at(150))), "resolved 150: device a is forgotten, after 150 s of silence\n");
  EXPECT_EQ(seen.counts().keys, 0u);
  seen.commit();
  EXPECT_EQ(seen.restart(), "");
  EXPECT_EQ(alerts(seen.tick(at(1000))), "");
  EXPECT_EQ(column(seen, feed(seen, {{"a", 1001}}), "ended"), "0");
}

TEST_F(silence_test, an_alert_that_lasts_is_repeated) {
  lane seen{plan(sections("by: device", "silent", ", repeat: 2m"))};
  feed(seen, {{"a", 0}});
  std::string all;
  for (std::int64_t second = 1; second <= 400; ++second)
    all += alerts(seen.tick(at(second)));
  EXPECT_EQ(all, "firing 60: device a has been silent for 60 s, since 2026-01-01T00:00:00.000Z\n"
                 "firing 60: device a has been silent for 180 s, since 2026-01-01T00:00:00.000Z\n"
                 "firing 60: device a has been silent for 300 s, since 2026-01-01T00:00:00.000Z\n");
}

TEST_F(silence_test, rules_that_read_nothing_of_it_see_records_alone) {
  lane seen{plan(sections("by: device", "x is null and device is not null"))};
  EXPECT_NE(alerts(feed(seen, {{"a", 0}})), "");
  EXPECT_EQ(alerts(seen.tick(at(60))), "");
  lane reads{plan(sections("by: device", "silent and x is null"))};
  feed(reads, {{"a", 0}});
  EXPECT_NE(alerts(reads.tick(at(60))), "");
}

TEST_F(silence_test, keys_of_any_type_are_told_as_they_are_and_null_is_one) {
  const auto of = [&](const std::string& type, const std::string& value) {
    lane seen{plan("schema: { k: " + type
                   + " }\ndetect: [ { silence: 60s, by: k, as: silent, reason: why } ]\n"
                     "alerts: [ { name: silence, when: silent, summary: \"{why}, {k}\" } ]\n")};
    seen.run({"{\"k\":" + value + "}"}, {start});
    return alerts(seen.tick(at(60)));
  };
  const std::string rest = " has been silent for 60 s, since 2026-01-01T00:00:00.000Z, ";
  EXPECT_EQ(of("int", "-7"), "firing 60: k -7" + rest + "-7\n");
  EXPECT_EQ(of("bool", "true"), "firing 60: k true" + rest + "true\n");
  EXPECT_EQ(of("timestamp", "\"2026-01-01T00:00:00Z\""),
            "firing 60: k 2026-01-01T00:00:00.000Z" + rest + "2026-01-01T00:00:00.000Z\n");
  EXPECT_EQ(of("string", "null"), "firing 60: k null" + rest + "null\n");
}

TEST_F(silence_test, many_keys_that_fall_silent_at_once_are_told_by_several_ticks) {
  lane seen{plan(sections("by: device"))};
  std::vector<event> events;
  const std::size_t keys = core::most_rows_of_a_tick + 500;
  for (std::size_t i = 0; i < keys; ++i)
    events.push_back({"d" + std::to_string(i), static_cast<std::int64_t>(i / 200)});
  feed(seen, events);
  const auto count = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  EXPECT_EQ(count(alerts(seen.tick(at(1000)))), static_cast<std::ptrdiff_t>(core::most_rows_of_a_tick));
  seen.commit();
  EXPECT_EQ(seen.restart(), "");
  EXPECT_EQ(count(alerts(seen.tick(at(1001)))), 500);
  EXPECT_EQ(count(alerts(seen.tick(at(1002)))), 0);
}

TEST_F(silence_test, says_the_same_whatever_the_batches_and_wherever_it_was_restored) {
  std::mt19937 random{5};
  std::vector<event> events;
  std::int64_t second = 0;
  for (int i = 0; i < 3000; ++i) {
    second += random() % 50 == 0 ? 40 + random() % 200 : random() % 4;
    const auto lateness = static_cast<std::int64_t>(random() % 10 == 0 ? random() % 100 : 0);
    events.push_back({"d" + std::to_string(random() % 12), second - lateness});
  }
  const auto lines = [&](std::size_t most, bool restarts) {
    lane seen{plan(sections("by: device, max_keys: 9, forget_after: 200s"))};
    std::pair<std::string, std::string> text;
    for (std::size_t begin = 0; begin < events.size();) {
      const auto size = std::min<std::size_t>(1 + random() % most, events.size() - begin);
      const auto first = events.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto b = feed(seen, {first, first + static_cast<std::ptrdiff_t>(size)});
      text.first += alerts(b);
      text.second += column(seen, b, "seconds") + ' ';
      begin += size;
      if (restarts) {
        seen.commit();
        EXPECT_EQ(seen.restart(), "");
      }
    }
    return text;
  };
  const auto whole = lines(1, false);
  EXPECT_GT(std::ranges::count(whole.first, '\n'), 100);
  EXPECT_EQ(lines(10'000, false), whole);
  EXPECT_EQ(lines(300, false), whole);
  EXPECT_EQ(lines(40, true), whole);
}

TEST_F(silence_test, state_that_it_cannot_have_left_is_refused) {
  lane seen{plan(sections("by: device"))};
  feed(seen, {{"a", 0}});
  seen.commit();
  EXPECT_NE(
      seen.restart_as(plan("schema: { device: int, at: timestamp, x: double }\ndetect: [ { silence: 60s, by: device, "
                           "as: silent, reason: why } ]\n")),
      "");
}

TEST_F(silence_test, what_cannot_be_is_said_where_it_stands) {
  EXPECT_EQ(compile_errors(sections("by: device, forget_after: 10s")),
            "p.yaml:5:53: error: 'forget_after' must be longer than the silence that is told\n");
  EXPECT_EQ(compile_errors(sections("max_keys: 3")),
            "p.yaml:5:37: error: 'max_keys' belongs to a detector by key ('by')\n");
  EXPECT_NE(compile_errors(sections("by: x")), "");
  const auto other = compile_errors(sections("by: device", "silent", ", by: x"));
  EXPECT_NE(other.find("this alert is by 'device', as what it reads is"), std::string::npos) << other;
}

} // namespace
} // namespace weir::config
