#include "core/base/civil_time.hpp"
#include "steps/kinds.hpp"
#include "tests/steps/keyed_step_fixture.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace weir::steps {
namespace {

using random_engine = std::mt19937_64;

struct noise {
  std::string name;
  std::function<double(random_engine&)> next;
};

std::vector<noise> noises() {
  return {
      {"Gaussian", [d = std::normal_distribution<double>{}](auto& random) mutable { return d(random); }},
      {"Laplace",
       [d = std::exponential_distribution<double>{}](auto& random) mutable {
         const auto x = d(random);
         return random() % 2 == 0 ? x : -x;
       }},
      {"log-normal", [d = std::lognormal_distribution<double>{}](auto& random) mutable { return d(random); }},
      {"Poisson",
       [d = std::poisson_distribution<int>{4}](auto& random) mutable { return static_cast<double>(d(random)); }},
      {"AR(1)",
       [d = std::normal_distribution<double>{}, x = 0.0](auto& random) mutable { return x = 0.5 * x + d(random); }},
  };
}

/// What a detector is to find, and is to leave alone.
class detectors_test : public test::keyed_step_fixture {
protected:
  /// Every kind that judges its scores of one column, with nothing said but the columns.
  static const std::vector<std::string>& all() {
    static const std::vector<std::string> names = [] {
      const std::set<std::string_view> others{"threshold",
                                              "late",
                                              "silence",
                                              "rate",
                                              "schema_change",
                                              "rule",
                                              "new_category",
                                              "half_space_trees",
                                              "isolation_forest",
                                              "random_cut_forest",
                                              "k_nearest_neighbours",
                                              "one_class_svm"};
      std::vector<std::string> some;
      for (const auto* kind : detectors().kinds)
        if (!others.contains(kind->name))
          some.emplace_back(kind->name);
      return some;
    }();
    return names;
  }

  static std::string usual(const std::string& kind, const std::string& more = "") {
    const std::string of = kind == "gap" ? "time" : "value";
    const std::string time = kind == "seasonal" || kind == "auto" ? ", time: time" : "";
    const std::string score = kind == "auto" ? "" : ", score: raw";
    return "{ " + kind + ": " + of + time + more + ", as: odd" + score
           + ", anomaly_score: rarity, severity: severity, reason: why }";
  }

  void detect(const std::string& yaml) { add_alone(detectors(), yaml); }

  static constexpr std::int64_t minute = 60'000;

  /// One every minute; for what watches times, at distances of noise.
  static std::deque<record> make_records(noise from, std::uint64_t seed, std::size_t count, const std::string& kind) {
    random_engine random{seed};
    std::deque<record> records;
    std::int64_t now = 1'700'000'000'000;
    for (std::size_t i = 0; i < count; ++i) {
      const auto x = from.next(random);
      now += kind == "gap" ? static_cast<std::int64_t>(1000 * std::abs(x)) : minute;
      records.push_back({"k", kind == "missing" && random() % 20 == 0 ? std::nullopt : std::optional{100 + x}, now});
    }
    return records;
  }

  std::size_t anomalies(core::keyed_processor& lane, const std::deque<record>& records) {
    std::size_t found = 0;
    for (std::size_t begin = 0; begin < records.size(); begin += 1000) {
      const auto first = records.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto end = std::min(records.size() - begin, std::size_t{1000});
      for (const auto flag : run(lane, std::deque<record>(first, first + static_cast<std::ptrdiff_t>(end)), "odd"))
        found += flag == 1.0 ? 1 : 0;
    }
    return found;
  }

  /// Gaussian noise around 100 with a deviation of 1, and behind it what `add` makes of more of it.
  std::deque<record> series(const std::function<std::optional<double>(std::size_t, double)>& add, std::size_t count) {
    auto records = make_records(noises()[0], 7, 2000 + count, "");
    for (std::size_t i = 0; i < count; ++i)
      records[2000 + i].value = add(i, *records[2000 + i].value);
    return records;
  }

  /// Where the first anomaly stands behind the 2000 records in front; and none is in front of it.
  std::optional<std::size_t> first_anomaly(const std::string& yaml, const std::deque<record>& records) {
    detect(yaml);
    const auto lane = plan.make_processor({'d'});
    const auto flags = run(*lane, records, "odd");
    for (std::size_t i = 0; i < flags.size(); ++i)
      if (flags[i] == 1.0)
        return i < 2000 ? std::nullopt : std::optional{i - 2000};
    return std::nullopt;
  }
};

TEST_F(detectors_test, call_at_most_one_in_ten_thousand_records_of_noise_an_anomaly) {
  for (const auto& kind : all())
    for (const auto& from : noises()) {
      std::size_t found = 0;
      for (std::uint64_t seed = 0; seed < 2; ++seed) {
        detect(usual(kind));
        found += anomalies(*plan.make_processor({'d'}), make_records(from, seed, 50'000, kind));
      }
      EXPECT_LE(found, 10u) << kind << " on " << from.name << " noise";
    }
}

TEST_F(detectors_test, find_a_value_that_is_far_off) {
  const auto records = series([](std::size_t i, double x) { return i == 100 ? x + 12 : x; }, 200);
  for (const std::string kind :
       {"zscore", "ewma", "moving_average", "robust_zscore", "iqr", "spike", "holt_winters", "spectral_residual"})
    EXPECT_EQ(first_anomaly(usual(kind), records), 100u) << kind;
}

TEST_F(detectors_test, find_a_level_that_shifts_and_stays) {
  const auto records = series([](std::size_t i, double x) { return i >= 100 ? x + 3 : x; }, 200);
  for (const std::string kind : {"cusum", "level_shift", "relative_entropy"}) {
    const auto found = first_anomaly(usual(kind), records);
    ASSERT_TRUE(found) << kind;
    EXPECT_GE(*found, 100u) << kind;
    EXPECT_LE(*found, 140u) << kind;
  }
}

TEST_F(detectors_test, find_a_sensor_that_hangs) {
  const auto records = series([](std::size_t i, double x) { return i >= 100 ? 100.5 : x; }, 200);
  EXPECT_EQ(first_anomaly(usual("flat_line"), records), 104u);
}

TEST_F(detectors_test, find_a_burst_of_nulls) {
  const auto records = series([](std::size_t i, double x) { return i >= 100 ? std::nullopt : std::optional{x}; }, 200);
  const auto found = first_anomaly(usual("missing"), records);
  ASSERT_TRUE(found);
  EXPECT_GE(*found, 100u);
  EXPECT_LE(*found, 112u);
}

TEST_F(detectors_test, find_a_key_that_was_away) {
  random_engine random{3};
  std::exponential_distribution<double> distance{1.0 / 1000};
  std::deque<record> records;
  std::int64_t now = 1'700'000'000'000;
  for (std::size_t i = 0; i < 2200; ++i) {
    now += i == 2100 ? 60'000 : static_cast<std::int64_t>(distance(random));
    records.push_back({"k", 1.0, now});
  }
  EXPECT_EQ(first_anomaly(usual("gap"), records), 100u);
  detect(usual("gap"));
  auto b = make_batch(records);
  plan.make_processor({'d'})->process(b);
  const auto& why = b.at(*columns.find("why"));
  EXPECT_TRUE(why.text[2100].starts_with("time " + core::time_text(records[2100].time) + " is the first behind a gap"))
      << why.text[2100];
}

TEST_F(detectors_test, know_what_is_usual_at_an_hour) {
  // A value that is ordinary by day comes by night.
  random_engine random{5};
  std::normal_distribution<double> normal;
  std::deque<record> records;
  for (std::int64_t hour = 0; hour < 24 * 7 * 30; ++hour)
    records.push_back({"k", (hour % 24 >= 8 && hour % 24 < 20 ? 100 : 10) + normal(random), hour * 3'600'000});
  records[24 * 7 * 29 + 3].value = 100;
  detect("{ seasonal: value, time: time, as: odd, reason: why }");
  const auto flags = run(*plan.make_processor({'d'}), records, "odd");
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i] == 1.0)
      found.push_back(i);
  EXPECT_EQ(found, std::vector<std::size_t>{24 * 7 * 29 + 3});
}

TEST_F(detectors_test, find_at_an_hour_what_another_one_stood_at_the_day_before) {
  random_engine random{8};
  std::normal_distribution<double> normal;
  std::deque<record> records;
  for (std::int64_t hour = 0; hour < 24 * 100; ++hour)
    records.push_back({"k", 50 + normal(random), hour * 3'600'000});
  records[24 * 97 + 3].value = 80;
  records[24 * 98 + 3].value = 65;
  detect("{ seasonal: value, time: time, period: 1d, bins: 24, as: odd }");
  const auto flags = run(*plan.make_processor({'d'}), records, "odd");
  EXPECT_EQ(flags[24 * 97 + 3], 1.0);
  EXPECT_EQ(flags[24 * 98 + 3], 1.0);
}

TEST_F(detectors_test, say_how_rare_how_bad_and_why) {
  const auto records = series([](std::size_t i, double x) { return i == 100 ? 130 : x; }, 101);
  detect(usual("zscore"));
  auto b = make_batch(records);
  plan.make_processor({'d'})->process(b);
  const auto& rarity = b.at(*columns.find("rarity"));
  const auto& severity = b.at(*columns.find("severity"));
  const auto& why = b.at(*columns.find("why"));
  EXPECT_TRUE(rarity.is_null(3)); // it warms up
  EXPECT_TRUE(severity.is_null(2000));
  EXPECT_TRUE(why.is_null(2000));
  EXPECT_LT(rarity.f64[2000], 0.3);
  EXPECT_EQ(rarity.f64[2100], 1);
  EXPECT_EQ(severity.text[2100], "critical");
  EXPECT_TRUE(why.text[2100].starts_with("value 130 is 30")) << why.text[2100];
  EXPECT_NE(why.text[2100].find(" standard deviations above 100"), std::string::npos) << why.text[2100];
  EXPECT_NE(why.text[2100].find(", as rare as 1 in "), std::string::npos) << why.text[2100];
}

TEST_F(detectors_test, do_not_say_how_bad_before_they_know_how_rare) {
  detect(usual("cusum", ", threshold: 3, min_count: 2"));
  auto early = make_batch({{"k", 1.0, 0}, {"k", 2.0, 0}, {"k", 1.5, 0}, {"k", 1.6, 0}, {"k", 99.0, 0}});
  plan.make_processor({'d'})->process(early);
  EXPECT_EQ(early.at(*columns.find("odd")).i64[4], 1);
  EXPECT_TRUE(early.at(*columns.find("rarity")).is_null(4));
  EXPECT_TRUE(early.at(*columns.find("severity")).is_null(4));
  EXPECT_FALSE(early.at(*columns.find("why")).is_null(4));
}

TEST_F(detectors_test, find_six_deviations_behind_two_hundred_values) {
  for (const std::string kind : {"zscore", "ewma", "moving_average", "holt_winters"}) {
    std::size_t found = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      auto records = make_records(noises()[0], seed, 301, "");
      records.back().value = 100 + (seed % 2 == 0 ? 6.5 : -6.5);
      detect(usual(kind));
      found += run(*plan.make_processor({'d'}), records, "odd").back() == 1.0 ? 1 : 0;
    }
    EXPECT_GE(found, 20u) << kind;
  }
}

TEST_F(detectors_test, know_the_middle_of_a_large_window_by_a_sketch) {
  // Another level for 500 values does not move the middle of 5,000.
  const auto records = series([](std::size_t i, double x) { return i < 3000 ? x : i < 3500 ? x + 20 : x; }, 3600);
  for (const std::string kind : {"robust_zscore", "iqr"}) {
    detect(usual(kind, ", last: 5000, threshold: 8"));
    const auto flags = run(*plan.make_processor({'d'}), records, "odd");
    for (std::size_t i = 0; i < flags.size(); ++i)
      ASSERT_EQ(flags[i] == 1.0, i >= 5000 && i < 5500) << kind << ' ' << i;
  }
}

TEST_F(detectors_test, learn_after_how_many_records_a_series_repeats) {
  random_engine random{6};
  std::normal_distribution<double> normal;
  std::deque<record> records;
  for (std::size_t i = 0; i < 3000; ++i)
    records.push_back({"k", 100 + (i % 24 < 8 ? 20 : 0) + normal(random), static_cast<std::int64_t>(i) * minute});
  records[2900].value = 100 + (2900 % 24 < 8 ? 0 : 20); // ordinary at another time
  EXPECT_EQ(first_anomaly("{ holt_winters: value, season: auto, as: odd }", records), 900u);
  EXPECT_EQ(first_anomaly("{ holt_winters: value, season: 24, as: odd }", records), 900u);
  EXPECT_EQ(first_anomaly("{ holt_winters: value, as: odd }", records), std::nullopt);
}

TEST_F(detectors_test, hold_their_tongue_for_a_while_and_let_an_anomaly_last) {
  const auto records = series([](std::size_t i, double x) { return i % 10 == 0 ? 140 : i % 10 == 1 ? 108 : x; }, 60);
  const auto said = [&](const std::string& more) {
    detect("{ ewma: value, threshold: 6, alpha: 0.001, min_count: 1000" + more + ", as: odd }");
    const auto flags = run(*plan.make_processor({'d'}), records, "odd");
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < flags.size(); ++i)
      if (flags[i] == 1.0)
        at.push_back(i - 2000);
    return at;
  };
  EXPECT_EQ(said("").front(), 0u);
  EXPECT_EQ(said(", suppress_for: 25m, time: time"), (std::vector<std::size_t>{0, 30}));
  EXPECT_EQ(said(", clear_below: 0.1").at(1), 1u);
}

TEST_F(detectors_test, see_the_same_wherever_batches_and_restarts_fall_and_never_give_nan) {
  std::mt19937 random{11};
  const std::vector<double> hostile{0, -0.0, 1e308, -1e308, 1e-308, 1e150, 5, 5, 5};
  for (const auto& kind : all()) {
    detect(usual(kind, kind == "auto" ? ", by: key, max_keys: 3"
                                      : ", by: key, max_keys: 3, suppress_for: 5m, clear_below: 0.5"));
    std::deque<record> records;
    for (std::size_t i = 0; i < 3000; ++i)
      records.push_back({"key " + std::to_string(random() % 4 * (random() % 10 == 0)),
                         random() % 50 == 0 ? std::nullopt
                         : i > 2000         ? std::optional{hostile[random() % hostile.size()]}
                                            : std::optional{std::sqrt(static_cast<double>(random() % 999))},
                         static_cast<std::int64_t>(i * minute + random() % 100'000)});
    auto whole = make_batch(records);
    plan.make_processor({'d'})->process(whole);
    auto lane = plan.make_processor({'d'});
    core::record_block log;
    for (std::size_t begin = 0; begin < records.size();) {
      const auto count = std::min<std::size_t>(1 + random() % 300, records.size() - begin);
      auto part = make_batch({records.begin() + static_cast<std::ptrdiff_t>(begin),
                              records.begin() + static_cast<std::ptrdiff_t>(begin + count)});
      lane->process(part);
      for (core::column_id id = 3; id < columns.size(); ++id)
        for (core::row_index i = 0; i < count; ++i) {
          const auto row = static_cast<core::row_index>(begin + i);
          ASSERT_EQ(part.at(id).is_null(i), whole.at(id).is_null(row)) << kind << ' ' << columns[id].name << ' ' << row;
          if (columns[id].type == core::column_type::float64) {
            ASSERT_EQ(part.at(id).f64[i], whole.at(id).f64[row]) << kind << ' ' << columns[id].name << ' ' << row;
            ASSERT_TRUE(std::isfinite(part.at(id).f64[i])) << kind << ' ' << columns[id].name << ' ' << row;
          } else if (columns[id].type == core::column_type::string) {
            ASSERT_EQ(part.at(id).text[i], whole.at(id).text[row]) << kind << ' ' << row;
          } else {
            ASSERT_EQ(part.at(id).i64[i], whole.at(id).i64[row]) << kind << ' ' << row;
          }
        }
      begin += count;
      lane->collect_changes(log);
      if (random() % 2 == 0) {
        lane = plan.make_processor({'d'});
        restore_all(*lane, log);
      }
    }
    const auto& flags = whole.at(*columns.find("odd"));
    for (core::row_index i = 0; i < records.size(); ++i)
      if (kind != "missing") {
        ASSERT_EQ(flags.is_null(i), !records[i].value && kind != "gap") << kind << ' ' << i;
      }
  }
}

} // namespace
} // namespace weir::steps
