#include "steps/kinds.hpp"
#include "tests/steps/paged_step_fixture.hpp"

#include <random>
#include <string>
#include <vector>

namespace weir::steps {
namespace {

class data_drift_test : public test::paged_step_fixture {
protected:
  static constexpr auto all = ", baseline_size: 2000, window: 500, as: drifts, drift_percent: percent, p_value: p, "
                              "reason: why }";

  operator_ptr watch(const std::string& of, const std::string& more = "") {
    auto made = make(drifts(), "{ data_drift: " + of + more + all);
    EXPECT_TRUE(made) << made.error().text();
    return *made;
  }

  /// Gaussian values and five keys; from `change` on values are larger by `shift`, and a sixth key comes.
  static std::deque<record> make_records(std::size_t count, std::size_t change, double shift) {
    std::mt19937_64 random{5};
    std::normal_distribution<double> normal;
    std::deque<record> records;
    for (std::size_t i = 0; i < count; ++i)
      records.push_back({"key " + std::to_string(random() % (i < change ? 5 : 6)),
                         random() % 100 == 0 ? std::nullopt : std::optional{normal(random) + (i < change ? 0 : shift)},
                         0});
    return records;
  }

  /// Where it says that there is a drift.
  std::vector<std::size_t> drifts_in(core::batch& b) const {
    std::vector<std::size_t> at;
    const auto& flags = b.at(*columns.find("drifts"));
    for (const auto row : b.rows)
      if (!flags.is_null(row) && flags.i64[row] != 0)
        at.push_back(row);
    return at;
  }
};

TEST_F(data_drift_test, tells_at_the_end_of_a_window_that_values_lie_elsewhere) {
  const auto lane = watch("value");
  auto b = make_batch(make_records(6000, 4000, 0.5));
  lane->process(b);
  EXPECT_EQ(drifts_in(b), (std::vector<std::size_t>{4499, 4999, 5499, 5999}));
  const auto& flags = b.at(*columns.find("drifts"));
  EXPECT_TRUE(flags.is_null(1998)); // the baseline is not done
  EXPECT_FALSE(flags.is_null(2000));
  const auto& percent = b.at(*columns.find("percent"));
  EXPECT_TRUE(percent.is_null(4498));
  EXPECT_GT(percent.f64[4499], 10);
  EXPECT_LT(percent.f64[4499], 40);
  EXPECT_LT(b.at(*columns.find("p")).f64[4499], 0.005);
  const auto why = std::string{b.at(*columns.find("why")).text[4499]};
  EXPECT_NE(why.find(" % of the values of value lie elsewhere, "), std::string::npos) << why;
  EXPECT_NE(why.find("kolmogorov_smirnov 0.2"), std::string::npos) << why;
}

TEST_F(data_drift_test, is_quiet_where_nothing_changes) {
  const auto lane = watch("value");
  auto b = make_batch(make_records(102'000, 102'000, 0));
  lane->process(b);
  EXPECT_LE(drifts_in(b).size(), 2u); // of 200 windows
}

TEST_F(data_drift_test, tells_a_category_that_has_come) {
  const auto lane = watch("key");
  auto b = make_batch(make_records(6000, 4000, 0));
  lane->process(b);
  EXPECT_EQ(drifts_in(b), (std::vector<std::size_t>{4499, 4999, 5499, 5999}));
  EXPECT_NE(std::string{b.at(*columns.find("why")).text[4499]}.find("chi_square"), std::string::npos);
}

TEST_F(data_drift_test, gets_used_to_a_change_where_the_baseline_slides) {
  const auto lane = watch("value", ", baseline: sliding, methods: [welch]");
  auto b = make_batch(make_records(6000, 4000, 1));
  lane->process(b);
  EXPECT_EQ(drifts_in(b), (std::vector<std::size_t>{4499}));
}

TEST_F(data_drift_test, says_the_same_wherever_batches_and_restarts_fall) {
  const auto records = make_records(6000, 4000, 0.5);
  std::mt19937 random{3};
  for (const auto* of : {"value", "key"}) {
    auto whole = make_batch(records);
    watch(of)->process(whole);
    auto lane = watch(of);
    core::changelog_replay log;
    for (std::size_t begin = 0; begin < records.size();) {
      const auto count = std::min<std::size_t>(1 + random() % 900, records.size() - begin);
      auto part = make_batch(part_of(records, begin, count));
      lane->process(part);
      ASSERT_EQ(lane->failure(), nullptr);
      for (const auto* name : {"percent", "p"})
        for (core::row_index i = 0; i < count; ++i) {
          const auto& expected = whole.at(*columns.find(name));
          const auto row = static_cast<core::row_index>(begin + i);
          ASSERT_EQ(part.at(*columns.find(name)).is_null(i), expected.is_null(row)) << of << ' ' << name << ' ' << row;
          ASSERT_EQ(part.at(*columns.find(name)).f64[i], expected.f64[row]) << of << ' ' << name << ' ' << row;
        }
      begin += count;
      commit(*lane, log);
      if (random() % 2 == 0) {
        lane = watch(of);
        restore(lane, log);
      }
    }
  }
}

TEST_F(data_drift_test, refuses_methods_that_it_does_not_know_or_that_do_not_fit) {
  EXPECT_EQ(make(drifts(), "{ data_drift: value, methods: [ks], as: drifts }").error().text(),
            "s.yaml:1:32: error: no method of data_drift is called 'ks'\n");
  EXPECT_EQ(make(drifts(), "{ data_drift: key, methods: [welch], as: drifts }").error().text(),
            "s.yaml:1:30: error: 'welch' is a method for numbers, and 'key' is a string\n");
}

} // namespace
} // namespace weir::steps
