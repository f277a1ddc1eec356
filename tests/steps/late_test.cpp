#include "steps/kinds.hpp"
#include "tests/core/keyed/keyed_fixture.hpp"
#include "tests/steps/step_binder.hpp"

#include <random>

namespace weir::steps {
namespace {

class late_test : public core::keyed_fixture {
protected:
  static constexpr std::int64_t now = 1'700'000'000'000;

  std::unique_ptr<core::keyed_processor> detect(const std::string& options) {
    plan = {};
    columns = {};
    columns.add({"key", core::column_type::string, true});
    columns.add({"value", core::column_type::float64, true});
    columns.add({"time", core::column_type::timestamp, true});
    test::step_binder steps{plan};
    steps.walk.columns() = columns;
    steps.add(detectors(), "{ late: time, " + options + ", as: too_late, late_by: seconds, reason: why }");
    columns = steps.walk.columns();
    return plan.make_processor({'d'});
  }

  static std::deque<record> at_seconds(const std::vector<std::int64_t>& times, const std::string& keys = "") {
    std::deque<record> records;
    for (std::size_t i = 0; i < times.size(); ++i)
      records.push_back({keys.empty() ? "k" : keys.substr(i, 1), 1.0, now + 1000 * times[i]});
    return records;
  }
};

using verdicts = std::vector<std::optional<double>>;

TEST_F(late_test, says_how_far_a_record_is_behind_the_newest) {
  const auto lane = detect("allowed_lateness: 5s");
  const auto records = at_seconds({0, 10, 5, 4, 20, 11, 21});
  EXPECT_EQ(run(*lane, records, "too_late"), (verdicts{0, 0, 0, 1, 0, 1, 0}));
  EXPECT_EQ(run(*detect("allowed_lateness: 5s"), records, "seconds"), (verdicts{0, 0, 5, 6, 0, 9, 0}));
}

TEST_F(late_test, each_key_has_a_newest_time_of_its_own) {
  EXPECT_EQ(run(*detect("by: key"), at_seconds({10, 0, 9, 1, 0}, "abaab"), "too_late"), (verdicts{0, 0, 1, 1, 0}));
  EXPECT_EQ(run(*detect("allowed_lateness: 0s"), at_seconds({10, 0, 9, 1, 0}, "abaab"), "too_late"),
            (verdicts{0, 1, 1, 1, 1}));
}

TEST_F(late_test, a_time_far_in_the_future_makes_no_other_late) {
  auto stage = detect("max_ahead: 1h");
  auto b = make_batch(at_seconds({0, 7200, 3000, 1}));
  b.now_ms = now;
  stage->process(b);
  const auto& flags = b.at(*columns.find("too_late"));
  EXPECT_EQ(flags.i64, (std::vector<std::int64_t>{0, 0, 0, 1}));
}

TEST_F(late_test, shows_times_as_times) {
  auto stage = detect("allowed_lateness: 1m");
  auto b = make_batch(at_seconds({600, 0, 600}));
  stage->process(b);
  const auto& why = b.at(*columns.find("why"));
  EXPECT_TRUE(why.is_null(0));
  EXPECT_EQ(why.text[1], "time 2023-11-14T22:13:20.000Z is 600 s behind the newest, 2023-11-14T22:23:20.000Z");
  EXPECT_TRUE(why.is_null(2));
}

TEST_F(late_test, says_the_same_whatever_the_batches_and_wherever_it_was_restored) {
  std::mt19937 random{3};
  std::deque<record> records;
  for (std::size_t i = 0; i < 500; ++i)
    records.push_back({std::string(1, static_cast<char>('a' + random() % 3)), 1.0,
                       now + static_cast<std::int64_t>(1000 * i) - static_cast<std::int64_t>(random() % 5000)});
  const std::string options = "by: key, allowed_lateness: 3s";
  const auto whole = run(*detect(options), records, "seconds");
  auto lane = detect(options);
  verdicts parts;
  for (std::size_t begin = 0; begin < records.size();) {
    const auto count = std::min<std::size_t>(1 + random() % 60, records.size() - begin);
    const auto first = records.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto some = run(*lane, {first, first + static_cast<std::ptrdiff_t>(count)}, "seconds");
    parts.insert(parts.end(), some.begin(), some.end());
    core::record_block log;
    lane->collect_changes(log);
    auto next = detect(options);
    if (begin == 0)
      restore_all(*next, log);
    lane = begin == 0 ? std::move(next) : std::move(lane);
    begin += count;
  }
  EXPECT_EQ(parts, whole);
}

TEST_F(late_test, watches_times_alone) {
  core::keyed_plan keyed;
  test::step_binder steps{keyed};
  steps.source_column("value", core::column_type::float64);
  EXPECT_EQ(steps.errors(detectors(), "{ late: value, as: too_late }"),
            "s.yaml:1:9: error: late needs a timestamp, 'value' is a double\n");
}

} // namespace
} // namespace weir::steps
