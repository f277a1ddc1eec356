#include "steps/kinds.hpp"
#include "tests/steps/paged_step_fixture.hpp"

#include <cmath>
#include <random>
#include <string>

namespace weir::steps {
namespace {

/// Detectors over several columns: here `value` and `time`, which moves with it.
class outliers_test : public test::paged_step_fixture {
protected:
  static std::string step_of(const std::string& kind, const std::string& more = "") {
    return "{ " + kind + ": [value, time]" + more
           + ", as: odd, score: raw, anomaly_score: rarity, severity: severity, reason: why }";
  }

  core::result<operator_ptr> make(const std::string& yaml) { return paged_step_fixture::make(detectors(), yaml); }

  /// Pairs that lie on a line, but for some that do not: each alone is as ordinary as any.
  static std::deque<record> make_records(std::size_t count, std::size_t odd_one, std::size_t keys = 1) {
    std::mt19937_64 random{7};
    std::normal_distribution<double> normal;
    std::deque<record> records;
    for (std::size_t i = 0; i < count; ++i) {
      const auto x = static_cast<double>(random() % 10'000);
      const auto y = i == odd_one ? 10'000 - x * 0.1 : x + 50 * normal(random);
      records.push_back({"key " + std::to_string(random() % keys), i == odd_one ? 200.0 : x,
                         static_cast<std::int64_t>(i == odd_one ? 9800 : y)});
    }
    return records;
  }

  static const std::vector<std::string>& all() {
    static const std::vector<std::string> names{"half_space_trees", "isolation_forest", "random_cut_forest",
                                                "k_nearest_neighbours", "one_class_svm"};
    return names;
  }

  void expect_equal(const core::batch& a, std::size_t begin, const core::batch& b, std::size_t count,
                    const std::string& kind) const {
    for (const auto* name : {"odd", "raw", "rarity", "severity", "why"})
      for (core::row_index i = 0; i < count; ++i) {
        const auto id = *columns.find(name);
        const auto row = static_cast<core::row_index>(begin + i);
        ASSERT_EQ(a.at(id).is_null(row), b.at(id).is_null(i)) << kind << ' ' << name << ' ' << row;
        if (a.at(id).is_null(row))
          continue;
        if (a.at(id).type == core::column_type::float64) {
          ASSERT_EQ(a.at(id).f64[row], b.at(id).f64[i]) << kind << ' ' << name << ' ' << row;
          ASSERT_TRUE(a.at(id).f64[row] >= 0 && a.at(id).f64[row] <= 1) << kind << ' ' << name << ' ' << row;
        } else if (a.at(id).type == core::column_type::string) {
          ASSERT_EQ(a.at(id).text[row], b.at(id).text[i]) << kind << ' ' << name << ' ' << row;
        } else {
          ASSERT_EQ(a.at(id).i64[row], b.at(id).i64[i]) << kind << ' ' << name << ' ' << row;
        }
      }
  }
};

TEST_F(outliers_test, find_a_row_whose_values_are_ordinary_each_and_odd_together) {
  for (const auto& kind : all()) {
    const auto lane = make(step_of(kind, ", false_alarm_rate: 0.001"));
    ASSERT_TRUE(lane) << lane.error().text();
    auto b = make_batch(make_records(4000, 3990));
    (*lane)->process(b);
    const auto& scores = b.at(*columns.find("raw"));
    std::size_t higher = 0;
    for (core::row_index i = 2000; i < 4000; ++i)
      higher += scores.f64[i] > scores.f64[3990] ? 1 : 0;
    EXPECT_LE(higher, 20u) << kind; // of 2,000
    EXPECT_TRUE(scores.is_null(3)) << kind;
  }
}

TEST_F(outliers_test, call_at_most_one_in_ten_thousand_records_of_noise_an_anomaly) {
  for (const auto& kind : all()) {
    const auto lane = make(step_of(kind));
    ASSERT_TRUE(lane) << lane.error().text();
    std::mt19937_64 random{9};
    std::normal_distribution<double> normal;
    std::deque<record> records;
    for (int i = 0; i < 20'000; ++i)
      records.push_back({"k", normal(random), static_cast<std::int64_t>(1000 * normal(random))});
    auto b = make_batch(records);
    (*lane)->process(b);
    std::size_t found = 0;
    for (const auto flag : b.at(*columns.find("odd")).i64)
      found += flag != 0 ? 1 : 0;
    EXPECT_LE(found, 2u) << kind;
  }
}

TEST_F(outliers_test, say_which_columns_make_a_row_unusual) {
  for (const auto& kind : all()) {
    const auto lane = make(step_of(kind, ", threshold: 0.01"));
    ASSERT_TRUE(lane) << lane.error().text();
    auto records = make_records(2000, 1990);
    records[1990].value = 1e7;
    records[1990].time = 5000;
    auto b = make_batch(records);
    (*lane)->process(b);
    const auto& why = b.at(*columns.find("why"));
    ASSERT_FALSE(why.is_null(1990)) << kind;
    const auto text = std::string{why.text[1990]};
    EXPECT_TRUE(text.starts_with("the row is unusual, ")) << text;
    EXPECT_NE(text.find(" of 1, by value 10000000 ("), std::string::npos) << kind << ": " << text;
  }
}

TEST_F(outliers_test, see_the_same_wherever_batches_and_restarts_fall) {
  std::mt19937 random{13};
  for (const auto& kind : all()) {
    const auto small = kind == "half_space_trees"    ? ", window_size: 50"
                       : kind == "isolation_forest"  ? ", max_samples: 32, window_size: 64, n_estimators: 10"
                       : kind == "random_cut_forest" ? ", sample_size: 32, window_size: 64, n_trees: 5"
                       : kind == "one_class_svm"     ? ", window_size: 64, train_every: 20"
                                                     : ", window_size: 32, calibration_size: 32, n_neighbors: 3";
    for (const auto* by : {"", ", by: key, max_keys: 3"}) {
      const auto yaml = step_of(kind, std::string{small} + by + ", suppress_for: 1m, time: time, clear_below: 0.5");
      auto records = make_records(1500, 1400, 4);
      for (std::size_t i = 0; i < records.size(); i += 37)
        records[i].value = i % 2 == 0 ? std::nullopt : std::optional{1e300};
      const auto whole_lane = make(yaml);
      ASSERT_TRUE(whole_lane) << whole_lane.error().text();
      auto whole = make_batch(records);
      (*whole_lane)->process(whole);
      auto lane = *make(yaml);
      core::changelog_replay log;
      for (std::size_t begin = 0; begin < records.size();) {
        const auto count = std::min<std::size_t>(1 + random() % 400, records.size() - begin);
        auto part = make_batch(part_of(records, begin, count));
        lane->process(part);
        ASSERT_EQ(lane->failure(), nullptr);
        expect_equal(whole, begin, part, count, kind);
        begin += count;
        commit(*lane, log);
        if (random() % 2 == 0) {
          lane = *make(yaml);
          restore(lane, log);
        }
      }
    }
  }
}

} // namespace
} // namespace weir::steps
