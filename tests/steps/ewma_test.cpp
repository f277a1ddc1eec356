#include "tests/steps/keyed_step_fixture.hpp"

#include <cmath>
#include <random>

namespace weir::steps {
namespace {

class ewma_test : public test::keyed_step_fixture {
protected:
  void detect(const std::string& yaml) { add(detectors(), yaml); }
};

TEST_F(ewma_test, scores_a_value_against_the_weighted_past_of_its_key) {
  constexpr double alpha = 0.2;
  detect("{ ewma: value, by: key, alpha: 0.2, min_count: 3, as: odd, score: z }");
  std::mt19937 random{4};
  std::normal_distribution<double> normal{1e6, 5};
  std::deque<record> records;
  for (int i = 0; i < 400; ++i)
    records.push_back({i % 2 == 0 ? "a" : "b", normal(random), 0});
  const auto lane = plan.make_processor({'d'});
  const auto scores = run(*lane, records, "z");
  // The weights written out, as pandas.Series.ewm has them: (1 - alpha)^(n - i) for the i-th, and their sum is made 1.
  std::map<std::string, std::vector<double>> seen;
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto& past = seen[records[i].key];
    double expected = 0;
    if (past.size() >= 3) {
      long double all = 0, mean = 0, square = 0;
      for (std::size_t j = 0; j < past.size(); ++j)
        all += std::pow(1 - alpha, past.size() - 1 - j);
      for (std::size_t j = 0; j < past.size(); ++j)
        mean += std::pow(1 - alpha, past.size() - 1 - j) / all * past[j];
      for (std::size_t j = 0; j < past.size(); ++j)
        square += std::pow(1 - alpha, past.size() - 1 - j) / all * (past[j] - mean) * (past[j] - mean);
      expected = static_cast<double>((*records[i].value - mean) / std::sqrt(square));
    }
    ASSERT_NEAR(*scores[i], expected, 1e-6 * std::abs(expected) + 1e-6) << i;
    past.push_back(*records[i].value);
  }
}

TEST_F(ewma_test, gets_used_to_a_new_level_where_zscore_does_not_forget) {
  detect("{ ewma: value, alpha: 0.3, threshold: 3, as: odd }");
  std::deque<record> records;
  for (int i = 0; i < 100; ++i)
    records.push_back({"k", i < 50 ? 10 + i % 3 : 100 + i % 3, 0});
  const auto flags = run(*plan.make_processor({'d'}), records, "odd");
  EXPECT_EQ(flags[49], 0.0);
  EXPECT_EQ(flags[50], 1.0);
  EXPECT_EQ(flags[99], 0.0);
}

TEST_F(ewma_test, gives_nothing_for_what_is_missing) {
  detect("{ ewma: value, as: odd, score: z }");
  const auto scores = run(*plan.make_processor({'d'}), {{"k", 1.0, 0}, {"k", {}, 0}, {"k", 1.0, 0}}, "z");
  EXPECT_EQ(scores, (std::vector<std::optional<double>>{0.0, std::nullopt, 0.0}));
}

TEST_F(ewma_test, refuses_a_weight_out_of_its_range) {
  EXPECT_EQ(errors(detectors(), "{ ewma: value, alpha: 0, as: a }"),
            "s.yaml:1:23: error: 'alpha' in detector must be greater than 0\n");
  EXPECT_EQ(errors(detectors(), "{ ewma: value, alpha: 1.5, as: b }"),
            "s.yaml:1:23: error: 'alpha' in detector must be a number of at most 1\n");
}

} // namespace
} // namespace weir::steps
