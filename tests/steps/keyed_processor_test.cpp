#include "core/keyed/rolling.hpp"
#include "steps/kinds.hpp"
#include "tests/steps/keyed_step_fixture.hpp"

#include <cmath>
#include <cstring>
#include <map>
#include <random>

namespace weir::steps {
namespace {

class keyed_processor_test : public test::keyed_step_fixture {
protected:
  void detect(const std::string& yaml) { add(detectors(), yaml); }
  void roll(const std::string& yaml) { add(windows(), yaml); }
  std::string wrong(const std::string& yaml) { return errors(windows(), yaml); }

  std::deque<record> random_records(std::mt19937& random, std::size_t count, std::uint32_t keys) {
    std::deque<record> records;
    for (std::size_t i = 0; i < count; ++i) {
      clock_ += static_cast<std::int64_t>(random() % 50);
      records.push_back(
          {"customer " + std::to_string(random() % keys),
           random() % 20 == 0 ? std::nullopt : std::optional{1e9 + std::sqrt(static_cast<double>(random() % 9999))},
           clock_ - static_cast<std::int64_t>(random() % 700)});
    }
    return records;
  }

private:
  std::int64_t clock_ = 1'000'000;
};

TEST_F(keyed_processor_test, scores_a_record_against_the_previous_values_of_its_key) {
  detect("{ zscore: value, by: key, threshold: 3, as: anomaly, score: anomaly_score }");
  std::mt19937 random{1};
  const auto records = random_records(random, 3000, 7);
  const auto stage = plan.make_processor({'d'});
  auto b = make_batch(records);
  stage->process(b);
  std::map<std::string, std::vector<double>> previous;
  const auto& scores = b.at(*columns.find("anomaly_score"));
  const auto& flags = b.at(*columns.find("anomaly"));
  EXPECT_EQ(flags.type, core::column_type::boolean);
  for (core::row_index i = 0; i < records.size(); ++i) {
    EXPECT_EQ(scores.is_null(i), !records[i].value);
    EXPECT_EQ(flags.is_null(i), !records[i].value);
    if (!records[i].value)
      continue;
    auto& past = previous[records[i].key];
    long double mean = 0, m2 = 0;
    for (const auto x : past)
      mean += x / static_cast<long double>(past.size());
    for (const auto x : past)
      m2 += (x - mean) * (x - mean);
    const auto sd = std::sqrt(m2 / static_cast<long double>(past.size()));
    const auto expected = past.size() < 5 ? 0 : static_cast<double>((*records[i].value - mean) / sd);
    ASSERT_NEAR(scores.f64[i], expected, 1e-6 * std::abs(expected) + 1e-7);
    ASSERT_EQ(flags.i64[i] != 0, std::abs(expected) > 3);
    past.push_back(*records[i].value);
  }
}

TEST_F(keyed_processor_test, gives_a_zero_score_while_nothing_has_varied) {
  detect("{ zscore: value, by: key, as: anomaly, score: anomaly_score }");
  const auto stage = plan.make_processor({'d'});
  const std::deque<record> same(10, record{"a", 7.5, 0});
  for (const auto& z : run(*stage, same, "anomaly_score"))
    EXPECT_EQ(z, 0.0);
  EXPECT_EQ(run(*stage, {{"a", 100.0, 0}}, "anomaly_score")[0], 0.0);
  EXPECT_NE(run(*stage, {{"a", 100.0, 0}}, "anomaly_score")[0], 0.0);
}

TEST_F(keyed_processor_test, a_moving_average_compares_with_the_last_values_only) {
  detect("{ moving_average: value, by: key, threshold: 3, min_count: 2, last: 4, as: anomaly, score: anomaly_score }");
  const auto stage = plan.make_processor({'d'});
  std::deque<record> records{{"a", 1e6, 0}, {"a", 1.0, 0}, {"a", 2.0, 0}, {"a", 1.0, 0}, {"a", 2.0, 0}, {"a", 5.0, 0}};
  EXPECT_DOUBLE_EQ(*run(*stage, records, "anomaly_score")[5], (5 - 1.5) / 0.5);
  EXPECT_EQ(*run(*plan.make_processor({'d'}), records, "anomaly")[5], 1.0);
}

TEST_F(keyed_processor_test, a_threshold_flags_what_lies_outside_and_needs_no_state) {
  detect("{ threshold: value, above: 10, below: -1, as: high, score: high_score }");
  const auto stage = plan.make_processor({'d'});
  const auto flags = run(*stage, {{"a", 10.0, 0}, {"a", 10.5, 0}, {"a", -2.0, 0}, {"a", {}, 0}}, "high");
  EXPECT_EQ(flags, (std::vector<std::optional<double>>{0.0, 1.0, 1.0, std::nullopt}));
  core::record_block changes;
  stage->collect_changes(changes);
  EXPECT_TRUE(changes.empty());
  EXPECT_TRUE(stage->stats().empty());
}

TEST_F(keyed_processor_test, works_on_what_an_earlier_step_made) {
  roll("{ rolling: mean, of: value, by: key, last: 3, as: mean }");
  detect("{ zscore: mean, by: key, as: mean_moves, score: mean_moves_score }");
  detect("{ zscore: mean_moves_score, as: odd, score: odd_score }");
  const auto stage = plan.make_processor({'d'});
  std::mt19937 random{2};
  const auto records = random_records(random, 500, 3);
  auto b = make_batch(records);
  stage->process(b);
  EXPECT_EQ(stage->stats().size(), 2u);
  bool moved = false;
  for (const auto x : b.at(*columns.find("odd_score")).f64)
    moved |= x != 0;
  EXPECT_TRUE(moved);
}

TEST_F(keyed_processor_test, leaves_rows_that_were_filtered_out_of_the_statistics) {
  roll("{ rolling: mean, of: value, by: key, last: 10, as: mean }");
  const auto stage = plan.make_processor({'d'});
  auto b = make_batch({{"a", 1.0, 0}, {"a", 100.0, 0}, {"a", 3.0, 0}}, {false, true, false});
  stage->process(b);
  EXPECT_EQ(b.at(*columns.find("mean")).f64, (std::vector<double>{1, 0, 2}));
}

TEST_F(keyed_processor_test, takes_an_empty_batch) {
  roll("{ rolling: mean, of: value, by: key, last: 10, as: mean }");
  const auto stage = plan.make_processor({'d'});
  auto b = make_batch({});
  stage->process(b);
  EXPECT_TRUE(b.at(*columns.find("mean")).f64.empty());
}

TEST_F(keyed_processor_test, goes_on_after_a_restore_as_if_it_had_never_stopped) {
  // So few keys that some are evicted all the time.
  roll("{ rolling: mean, of: value, by: key, last: 20, max_keys: 30, as: mean }");
  for (const std::string what : {"sum", "max", "stddev"}) {
    roll("{ rolling: " + what + ", of: value, by: key, over: 1s, allowed_lateness: 100ms, as: over_" + what + " }");
    roll("{ rolling: " + what + ", of: value, by: key, last: 7, as: last_" + what + " }");
  }
  detect("{ zscore: value, by: key, as: anomaly, score: anomaly_score }");
  detect("{ moving_average: value, as: moving, score: moving_score }");

  for (unsigned seed = 0; seed < 30; ++seed) {
    std::mt19937 random{seed};
    const auto steady = plan.make_processor({'d'});
    auto restarted = plan.make_processor({'d'});
    core::record_block log;
    for (int round = 0; round < 40; ++round) {
      const auto records = random_records(random, random() % 200, 60);
      auto a = make_batch(records);
      steady->process(a);
      // The same records, cut into batches elsewhere.
      const auto cut = records.empty() ? 0 : random() % records.size();
      std::vector<core::batch> parts;
      for (const auto& part : {std::deque(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(cut)),
                               std::deque(records.begin() + static_cast<std::ptrdiff_t>(cut), records.end())}) {
        auto b = make_batch(part);
        restarted->process(b);
        parts.push_back(std::move(b));
      }
      for (core::column_id id = 3; id < columns.size(); ++id)
        for (core::row_index i = 0; i < records.size(); ++i) {
          const auto& part = i < cut ? parts[0] : parts[1];
          const auto row = static_cast<core::row_index>(i < cut ? i : i - cut);
          ASSERT_EQ(a.at(id).is_null(i), part.at(id).is_null(row));
          if (columns[id].type == core::column_type::float64) {
            ASSERT_EQ(a.at(id).f64[i], part.at(id).f64[row]) << columns[id].name;
          }
        }
      if (random() % 3 != 0)
        continue;
      restarted->collect_changes(log);
      if (random() % 2 == 0) {
        restarted = plan.make_processor({'d'});
        restore_all(*restarted, log);
      }
    }
    EXPECT_EQ(steady->stats()[0].counts.keys, restarted->stats()[0].counts.keys);
    EXPECT_GT(steady->stats()[0].counts.evictions, 0u);
    core::operator_counts sum;
    for (const auto& table : steady->stats())
      sum += table.counts;
    EXPECT_EQ(steady->counts().keys, sum.keys);
    EXPECT_EQ(steady->counts().evictions, sum.evictions);
  }
}

TEST_F(keyed_processor_test, refuses_the_state_of_a_changed_pipeline_by_name) {
  roll("{ rolling: mean, of: value, by: key, last: 20, as: mean }");
  const auto stage = plan.make_processor({'d'});
  run(*stage, {{"a", 1.0, 0}}, "mean");
  core::record_block log;
  stage->collect_changes(log);
  const auto value_bytes = log.value(0);
  core::keyed_plan changed;
  test::step_binder other{changed};
  other.walk.columns() = columns;
  other.add(windows(), "{ rolling: mean, of: value, by: key, last: 21, as: rolling_mean }");
  const auto refused = changed.make_processor({'d'})->restore(log.key(0), &value_bytes);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("'rolling_mean'"), std::string::npos);
  const auto without = core::keyed_plan{}.make_processor({'d'})->restore(log.key(0), &value_bytes);
  EXPECT_FALSE(without);
}

TEST_F(keyed_processor_test, a_record_with_too_long_a_key_is_refused_whole) {
  roll("{ rolling: mean, of: value, by: key, last: 3, as: mean }");
  detect("{ zscore: value, as: anomaly, score: anomaly_score }");
  const auto stage = plan.make_processor({'d'});
  auto b = make_batch({{"a", 1.0, 0},
                       {std::string(core::max_key_bytes + 1, 'k'), 7.0, 0},
                       {std::string(core::max_key_bytes, 'k'), 3.0, 0}});
  stage->process(b);
  EXPECT_EQ(b.rows, (std::vector<core::row_index>{0, 2}));
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].row, 1u);
  EXPECT_EQ(b.rejected[0].reason, "the key in 'key' has 4097 bytes; 4096 are the most");
  EXPECT_EQ(b.at(*columns.find("mean")).f64, (std::vector<double>{1, 0, 3}));
  EXPECT_EQ(stage->counts().keys, 3u); // the lane's own too, which the record did not enter
  core::record_block log;
  stage->collect_changes(log);
  std::uint64_t seen = 0; // by the lane's zscore; behind the head of the segment, the size of the key and the last use
  std::memcpy(&seen, log.value(log.size() - 1).data() + 9 + 4 + 8, sizeof seen);
  EXPECT_EQ(seen, 2u);
}

TEST_F(keyed_processor_test, says_what_its_tables_need_and_keeps_to_what_they_get) {
  roll("{ rolling: mean, of: value, by: key, last: 20, as: mean }");
  detect("{ zscore: value, as: lane, score: lane_score }");
  const auto needs = plan.state_needs();
  ASSERT_EQ(needs.size(), 2u);
  EXPECT_EQ(needs[0].name, "mean");
  EXPECT_GT(needs[0].least, core::max_key_bytes);
  EXPECT_LT(needs[1].most, 200u); // one key, of no bytes
  EXPECT_EQ(needs[1].least, needs[1].most);
  const std::vector<std::uint64_t> shares{needs[0].least + 10'000, needs[1].least};
  const auto stage = plan.make_processor({'d'}, shares);
  std::mt19937 random{1};
  run(*stage, random_records(random, 2000, 500), "mean");
  EXPECT_LE(stage->counts().bytes, shares[0] + shares[1]);
  EXPECT_GT(stage->counts().evictions, 100u);
}

// Restored state is either refused, by name, or something that the operators can go on with.
TEST_F(keyed_processor_test, damaged_state_ends_in_an_error_and_never_in_memory) {
  std::mt19937 random{3};
  std::vector<std::string> all{"{ zscore: value, by: key, as: is_out }",
                               "{ moving_average: value, by: key, last: 5, as: is_out }",
                               "{ ewma: value, by: key, as: is_out }",
                               "{ spectral_residual: value, by: key, size: 32, as: is_out }",
                               "{ robust_zscore: value, by: key, last: 5, min_count: 3, as: is_out }",
                               "{ iqr: value, by: key, last: 5, min_count: 3, as: is_out }",
                               "{ spike: value, by: key, last: 5, min_count: 3, as: is_out }",
                               "{ level_shift: value, by: key, last: 5, as: is_out }",
                               "{ holt_winters: value, by: key, season: 3, min_count: 3, as: is_out }",
                               "{ seasonal: value, by: key, bins: 2, period: 1s, as: is_out }",
                               "{ cusum: value, by: key, clear_below: 0.5, suppress_for: 1s, as: is_out }",
                               "{ relative_entropy: value, by: key, as: is_out }",
                               "{ gap: time, by: key, as: is_out }",
                               "{ auto: value, by: key, as: is_out }"};
  for (const auto* kind : aggregates()) {
    const auto what = "{ rolling: " + std::string{kind->statistic.name} + ", of: value, by: key, as: is_out, ";
    all.push_back(what + "last: 6 }");
    all.push_back(what + "over: 1s, allowed_lateness: 100ms, panes: 4, time: time }");
  }
  std::size_t refused = 0;
  std::size_t taken = 0;
  for (const auto& yaml : all) {
    core::keyed_plan one;
    test::step_binder binder{one};
    binder.walk.columns() = columns;
    binder.add(yaml.starts_with("{ rolling") ? windows() : detectors(), yaml);
    for (const auto count : {0u, 3u, 9u}) {
      const auto stage = one.make_processor({'d'});
      auto before = make_batch(random_records(random, count, 1));
      stage->process(before);
      core::record_block log;
      stage->collect_changes(log);
      for (std::size_t i = 0; i < log.size(); ++i) {
        const std::string intact{log.value(i)};
        for (std::size_t at = 0; at < intact.size(); ++at)
          for (const auto mask : {0x01, 0x80, 0xff, 0x7f}) {
            auto bytes = intact;
            bytes[at] = static_cast<char>(bytes[at] ^ mask);
            const std::string_view damaged{bytes};
            const auto next = one.make_processor({'d'});
            const auto result = next->restore(log.key(i), &damaged);
            ++(result ? taken : refused);
            if (!result) {
              EXPECT_NE(result.error().text().find("'is_out'"), std::string::npos) << result.error().text();
            }
            for (int more = 0; more < 2; ++more) {
              auto after = make_batch(random_records(random, 8, 1));
              next->process(after);
            }
          }
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(taken, 1000u); // a number that is only calculated with
}

TEST_F(keyed_processor_test, a_window_that_stands_beyond_its_end_is_refused_by_name) {
  roll("{ rolling: mean, of: value, by: key, last: 4, as: mean }");
  const auto stage = plan.make_processor({'d'});
  run(*stage, {{"a", 1.0, 0}, {"a", 2.0, 0}}, "mean");
  core::record_block log;
  stage->collect_changes(log);
  std::string bytes{log.value(0)};
  const std::uint32_t head = 5; // of a ring of four; behind the head of the segment, the key "a" and the last use
  std::memcpy(bytes.data() + 9 + 4 + 1 + 8, &head, sizeof head);
  const std::string_view damaged{bytes};
  const auto refused = plan.make_processor({'d'})->restore(log.key(0), &damaged);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("the state of 'mean' is damaged"), std::string::npos);
}

TEST_F(keyed_processor_test, refuses_columns_that_do_not_fit) {
  EXPECT_EQ(wrong("{ rolling: mean, of: key, by: key, last: 3, as: a }"),
            "s.yaml:1:22: error: aggregate needs a number, 'key' is a string: declare it as a number, or "
            "make one of it with 'encode' in preprocess\n");
  EXPECT_EQ(wrong("{ rolling: mean, of: value, by: value, last: 3, as: b }"),
            "s.yaml:1:33: error: aggregate needs a key of another type, 'value' is a double\n");
  EXPECT_EQ(wrong("{ rolling: mean, of: value, by: key, over: 1s, time: value, as: c }"),
            "s.yaml:1:54: error: aggregate needs a timestamp, 'value' is a double\n");
  EXPECT_EQ(wrong("{ rolling: mean, of: value, by: key, over: 5ms, panes: 10, as: d }"),
            "s.yaml:1:1: error: the window of 'd' is out of range: it has one pane at least, of one millisecond at "
            "least\n");
  EXPECT_TRUE(plan.empty());
}

TEST_F(keyed_processor_test, refuses_a_state_that_is_too_large) {
  const auto refused = plan.add(columns, {.run = mean.statistic.by_count(2'000'000'000), .of = value, .value = "mean"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what.find("the window of 'mean' is too large: 1600"), 0u) << refused.error().what;
  EXPECT_EQ(columns.size(), 3u);
  EXPECT_TRUE(plan.add(columns, {.run = mean.statistic.by_count(100'000), .of = value, .value = "mean"}));
}

} // namespace
} // namespace weir::steps
