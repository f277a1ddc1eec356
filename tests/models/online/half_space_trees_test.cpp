#include "models/online/half_space_trees.hpp"

#include "tests/models/online/outlier_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace weir::models::online {
namespace {

using test::numbers;
using test::trained;

std::vector<double> numbers_of(const std::string& line) {
  std::istringstream text{line};
  return {std::istream_iterator<double>{text}, {}};
}

TEST(half_space_trees_test, say_what_rivers_say_where_trees_and_limits_are_the_same) {
  std::ifstream file{std::string{WEIR_SOURCE_DIR} + "/tests/data/online/half_space_trees.txt"};
  std::size_t cases = 0;
  for (std::string setting, splits, rows, scores; std::getline(file, setting); ++cases) {
    ASSERT_TRUE(std::getline(file, splits) && std::getline(file, rows) && std::getline(file, scores));
    SCOPED_TRACE(setting);
    const auto how = numbers_of(setting);
    const auto inputs = static_cast<std::size_t>(how[3]);
    const half_space_options options{.n_trees = static_cast<std::uint32_t>(how[0]),
                                     .height = static_cast<std::uint32_t>(how[1]),
                                     .window_size = static_cast<std::uint32_t>(how[2]),
                                     .limits = std::vector<input_range>(inputs)};
    std::vector<half_space_split> given;
    const auto flat = numbers_of(splits);
    for (std::size_t i = 0; i < flat.size(); i += 2)
      given.push_back({static_cast<std::uint32_t>(flat[i]), flat[i + 1]});
    trained model{half_space_trees(inputs, options, given)};
    model.learn(test::stream_of(inputs, numbers_of(rows)));
    const auto expected = numbers_of(scores);
    ASSERT_EQ(model.predicted.size(), expected.size());
    double difference = 0;
    for (std::size_t i = options.window_size; i < expected.size(); ++i)
      difference = std::max(difference, std::abs(model.predicted[i] - expected[i]));
    EXPECT_LT(difference, 1e-12);
    EXPECT_TRUE(std::isnan(model.predicted[options.window_size - 1])); // river's say 0
  }
  EXPECT_EQ(cases, 4u);
}

TEST(half_space_trees_test, own_trees_within_limits_find_what_is_at_the_edge) {
  auto stream = test::normal_rows(800, 3, 5);
  for (auto& value : stream.rows)
    value = std::clamp(0.5 + value * 0.05, 0.0, 1.0);
  stream.rows[3 * 700 + 1] = 2; // counts as 1
  trained model{half_space_trees(3, {.height = 8, .limits = std::vector<input_range>(3)})};
  model.learn(stream);
  EXPECT_EQ(test::most_unusual(model.predicted), 700u);
}

TEST(half_space_trees_test, learn_a_new_scale_within_four_windows) {
  auto stream = test::normal_rows(4000, 3, 6);
  for (std::size_t i = 3 * 2000; i < stream.rows.size(); ++i)
    stream.rows[i] = 1000 + 50 * stream.rows[i];
  trained model{half_space_trees(3, {})};
  model.learn(stream);
  const auto mean = [&](std::size_t begin, std::size_t end) { return test::mean_of(model.predicted, begin, end); };
  const auto before = mean(1500, 2000);
  EXPECT_GT(mean(2000, 2020), before + 0.2);
  EXPECT_NEAR(mean(3250, 4000), before, 0.02);
}

TEST(half_space_trees_test, tell_that_an_input_has_changed_that_was_always_the_same) {
  auto stream = test::normal_rows(1000, 4, 7);
  for (std::size_t i = 0; i < stream.size(); ++i)
    stream.rows[4 * i + 2] = 230;
  stream.rows[4 * 900 + 2] = 230.001;
  trained model{half_space_trees(4, {})};
  model.learn(stream);
  const auto others = std::span{model.predicted}.subspan(500);
  const auto higher = std::ranges::count_if(others, [&](double score) { return score > model.predicted[900]; });
  EXPECT_LT(higher, 25); // of 500
}

TEST(half_space_trees_test, take_options_to_what_they_can_be) {
  const auto learner = half_space_trees(2, {.n_trees = 0, .height = 0, .window_size = 0});
  trained model{learner};
  model.learn(test::normal_rows(50, 2, 8));
  EXPECT_EQ(learner->warm_up(), 2u);
  EXPECT_FALSE(std::isnan(model.predicted.back()));
  trained high{half_space_trees(2, {.n_trees = 3, .height = 1000, .window_size = 300})};
  high.learn(test::normal_rows(400, 2, 8));
  EXPECT_FALSE(std::isnan(high.predicted.back()));
}

} // namespace
} // namespace weir::models::online
