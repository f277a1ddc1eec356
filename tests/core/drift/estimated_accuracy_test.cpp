#include "core/drift/estimated_accuracy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace weir::core {
namespace {

/// Probabilities of a model that knows them: what it says is right so often as it says.
class calibrated_model {
public:
  explicit calibrated_model(std::uint64_t seed = 17) : random_{seed} {}

  struct prediction {
    double probability = 0;
    bool is_right = false;
  };

  /// @param sharpness the larger the surer it is
  prediction next(double sharpness) {
    const auto p = 1 / (1 + std::exp(-sharpness * normal_(random_)));
    const bool is_second = std::uniform_real_distribution<>{}(random_) < p;
    return {p, is_second == (p >= 0.5)};
  }

private:
  std::mt19937_64 random_;
  std::normal_distribution<> normal_;
};

TEST(estimated_accuracy_test, is_near_the_accuracy_of_a_model_that_is_calibrated) {
  calibrated_model model;
  estimated_accuracy estimate{};
  const estimated_accuracy_options how{.baseline_size = 1000, .window = 20'000};
  for (int i = 0; i < 1000; ++i)
    estimate.add(model.next(2).probability, how);
  double right = 0;
  std::optional<accuracy_verdict> said;
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_FALSE(said);
    const auto one = model.next(1);
    right += one.is_right;
    said = estimate.add(one.probability, how);
  }
  ASSERT_TRUE(said);
  EXPECT_NEAR(said->accuracy, right / 20'000, 4 * 0.0034); // four standard errors
  EXPECT_GT(said->baseline, said->accuracy + 0.05);
  EXPECT_TRUE(said->has_fallen);
}

TEST(estimated_accuracy_test, is_quiet_while_nothing_changes_and_where_the_model_is_surer) {
  const estimated_accuracy_options how{.baseline_size = 2000, .window = 500, .least_drop = 0};
  for (const auto then : {1.0, 3.0}) {
    int windows = 0;
    int fallen = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) { // windows of one baseline share its error
      calibrated_model model{seed};
      estimated_accuracy estimate{};
      for (int i = 0; i < 3500; ++i)
        if (const auto said = estimate.add(model.next(i < 2000 ? 1.0 : then).probability, how)) {
          ++windows;
          fallen += said->has_fallen;
        }
    }
    EXPECT_EQ(windows, 1200);
    EXPECT_LE(fallen, 9) << then; // 3 are expected, of which this is 3.5 standard deviations
  }
}

TEST(estimated_accuracy_test, counts_what_the_chosen_class_has) {
  estimated_accuracy estimate{};
  estimated_accuracy_options how{.baseline_size = 1, .window = 2, .threshold = 0.8, .least_drop = 0.1};
  estimate.add(0.9, how);
  EXPECT_FALSE(estimate.add(0.9, how));
  EXPECT_DOUBLE_EQ(estimate.add(0.7, how)->accuracy, (0.9 + 0.3) / 2); // 0.7 is below the threshold: the first class
  how.is_of_chosen = true;
  estimate.add(0.4, how);
  EXPECT_DOUBLE_EQ(estimate.add(0.3, how)->accuracy, 0.35);
}

TEST(estimated_accuracy_test, refuses_bytes_that_it_cannot_have_left) {
  estimated_accuracy estimate{};
  EXPECT_TRUE(estimate.valid());
  const estimated_accuracy_options how;
  for (int i = 0; i < 7000; ++i) {
    estimate.add(0.01 * (i % 100), how);
    ASSERT_TRUE(estimate.valid());
  }
  shape_moments wrong{.count = 3, .mean = 1.5, .m2 = 0, .m3 = 0, .m4 = 0};
  std::memcpy(static_cast<void*>(&estimate), &wrong, sizeof wrong);
  EXPECT_FALSE(estimate.valid());
}

} // namespace
} // namespace weir::core
