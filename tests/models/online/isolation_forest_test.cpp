#include "models/online/isolation_forest.hpp"

#include "models/trees/isolation_forest.hpp"
#include "tests/models/online/outlier_fixture.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models::online {
namespace {

using test::rows_of_a_formula;
using test::stream_of;
using test::trained;

TEST(isolation_forest_test, says_what_scikit_learns_says_up_to_chance) {
  trained model{isolation_forest(3, {.n_estimators = 2000})};
  model.learn_without_checks(rows_of_a_formula(4096));
  std::vector<std::byte> learned{model.bytes().begin(), model.bytes().end()};
  const auto lines = weir::test::read_stream("isolation_forest.txt", ' ');
  ASSERT_EQ(lines.size(), 45u);
  double bias = 0;
  for (const auto& line : lines) {
    std::ranges::copy(learned, model.bytes().begin());
    model.learn_without_checks(stream_of(3, {std::stod(line[0]), std::stod(line[1]), std::stod(line[2])}));
    const auto difference = model.predicted.front() - std::stod(line[3]);
    EXPECT_NEAR(difference, 0, 0.02) << line[0] << ' ' << line[1] << ' ' << line[2];
    bias += difference / static_cast<double>(lines.size());
  }
  EXPECT_NEAR(bias, 0, 0.003);
}

TEST(isolation_forest_test, measures_paths_as_scikit_learn) {
  // sklearn.ensemble._iforest._average_path_length
  EXPECT_EQ(mean_path(1), 0);
  EXPECT_EQ(mean_path(2), 1);
  EXPECT_NEAR(mean_path(3), 1.207392357589623, 1e-12);
  EXPECT_NEAR(mean_path(256), 10.244770920119917, 1e-12);
}

TEST(isolation_forest_test, grows_a_few_trees_a_row_at_most) {
  const auto learner = isolation_forest(3, {});
  trained model{learner};
  const auto stream = rows_of_a_formula(5000);
  EXPECT_EQ(learner->warm_up(), 280u);
  std::size_t most = 0;
  std::vector<std::size_t> grown(100);
  for (std::size_t i = 0; i < stream.size(); ++i) {
    model.changed.clear();
    model.learn_without_checks(stream_of(3, {stream.rows[3 * i], stream.rows[3 * i + 1], stream.rows[3 * i + 2]}));
    const auto trees = static_cast<std::size_t>(
        std::ranges::count_if(model.changed, [](const auto& part) { return part.size == 511 * 16; }));
    most = std::max(most, i < 280 ? 0 : trees);
    for (const auto& part : model.changed)
      if (part.size == 511 * 16 && i >= 280)
        ++grown[(part.offset - model.changed.front().offset) / (511 * 16) % 100];
  }
  EXPECT_EQ(most, 1u);
  EXPECT_GE(*std::ranges::min_element(grown), 2u); // each in each window
}

TEST(isolation_forest_test, forgets_what_came_before_two_windows) {
  auto stream = test::normal_rows(6000, 3, 6);
  for (std::size_t i = 3 * 3000; i < stream.rows.size(); ++i)
    stream.rows[i] = 1000 + 50 * stream.rows[i];
  trained model{isolation_forest(3, {.window_size = 512})};
  model.learn(stream, 1000);
  const auto mean = [&](std::size_t begin, std::size_t end) { return test::mean_of(model.predicted, begin, end); };
  const auto before = mean(2000, 3000);
  EXPECT_GT(mean(3000, 3020), before + 0.2);
  EXPECT_NEAR(mean(3000 + 2 * 512, 6000), before, 0.02);
}

TEST(isolation_forest_test, takes_options_to_what_they_can_be) {
  trained model{isolation_forest(2, {.n_estimators = 0, .max_samples = 0, .window_size = 0})};
  model.learn(test::normal_rows(50, 2, 8));
  EXPECT_FALSE(std::isnan(model.predicted.back()));
}

} // namespace
} // namespace weir::models::online
