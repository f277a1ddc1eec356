#include "cli/report/partial_dependence.hpp"

#include "tests/cli/sum_model.hpp"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using test::sum_model;

const std::vector<std::vector<feature_value>> sample{
    {1.0, 10.0, 0.0, "x"}, {2.0, 20.0, 1.0, "y"}, {3.0, 30.0, 0.0, "z"}, {4.0, 40.0, 1.0, "x"}};

TEST(partial_dependence_test, is_the_mean_over_the_other_features) {
  const sum_model model;
  const auto made = find_dependences(model, sample, {0, 1});
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].feature, "a");
  ASSERT_EQ(made[0].means.size(), 1u);
  ASSERT_EQ(made[0].means[0].size(), 4u);
  for (const auto& [x, y] : made[0].means[0])
    EXPECT_DOUBLE_EQ(y, 2 * x + 25);
  for (const auto& [x, y] : made[1].means[0])
    EXPECT_DOUBLE_EQ(y, 5 + x);
}

TEST(partial_dependence_test, leaves_out_a_feature_with_one_value) {
  auto same = sample;
  for (auto& row : same)
    row[0] = 1.0;
  EXPECT_TRUE(find_dependences(sum_model{}, same, {0}).empty());
  EXPECT_TRUE(find_dependences(sum_model{}, {}, {0}).empty());
}

TEST(partial_dependence_test, takes_the_most_important_features_that_are_numbers) {
  const auto shown = [](const models::model& of, std::size_t most) {
    const auto reader = feature_reader::make(of, {"name", "place", "a", "b"}, {});
    EXPECT_TRUE(reader) << reader.error().text();
    return features_to_show(of, *reader, most);
  };
  EXPECT_EQ(shown(sum_model{}, 6), (std::vector<std::size_t>{0, 1}));
  const sum_model rated{{{"importances", R"({"a": 0.2, "place": 0.1, "b": 0.7})"}}};
  EXPECT_EQ(shown(rated, 6), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(shown(rated, 1), (std::vector<std::size_t>{1}));
  EXPECT_EQ(importances_of(rated).front().first, "b");
  EXPECT_TRUE(importances_of(sum_model{}).empty());
  EXPECT_TRUE(importances_of(sum_model{{{"importances", "[1, 2"}}}).empty());
}

} // namespace
} // namespace weir::cli
