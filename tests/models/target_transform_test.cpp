#include "models/target_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace weir::models {
namespace {

TEST(target_transform_test, is_undone_by_its_inverse) {
  const std::vector<double> targets{0.5, 1, 2, 1e6, 3.25};
  for (const auto& [name, by] : target_transform_words) {
    auto transformed = targets;
    const auto fitted = transform_targets(by, transformed);
    ASSERT_TRUE(fitted) << name;
    for (std::size_t i = 0; i < targets.size(); ++i)
      EXPECT_NEAR(original_of(*fitted, transformed[i]), targets[i], 1e-12 * (1 + targets[i])) << name;
  }
}

TEST(target_transform_test, standardizes_far_from_zero_too) {
  std::vector<double> targets{1e9 + 1, 1e9 + 2, 1e9 + 3};
  const auto fitted = transform_targets(target_transform::standardize, targets);
  ASSERT_TRUE(fitted);
  EXPECT_DOUBLE_EQ(targets[0], -std::sqrt(1.5));
  EXPECT_DOUBLE_EQ(targets[1], 0);
  std::vector<double> same{4, 4};
  EXPECT_EQ(transform_targets(target_transform::standardize, same)->scale, 1);
}

TEST(target_transform_test, refuses_targets_that_have_no_such_value) {
  for (const auto& [by, target] :
       {std::pair{target_transform::log, 0.0}, {target_transform::log1p, -1.0}, {target_transform::sqrt, -0.5}}) {
    std::vector<double> targets{3, target};
    const auto fitted = transform_targets(by, targets);
    ASSERT_FALSE(fitted);
    EXPECT_NE(fitted.error().what.find(std::string{name_of(by)}), std::string::npos);
    EXPECT_EQ(targets, (std::vector<double>{3, target}));
  }
}

} // namespace
} // namespace weir::models
