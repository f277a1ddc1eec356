#include "models/online/one_class_svm.hpp"

#include "tests/models/online/outlier_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace weir::models::online {
namespace {

using test::normal_rows;
using test::stream_of;
using test::trained;

TEST(one_class_svm_test, says_what_scikit_learns_says) {
  trained model{one_class_svm(3, {})};
  model.learn_without_checks(test::rows_of_a_formula(4096));
  std::vector<std::byte> learned{model.bytes().begin(), model.bytes().end()};
  const auto lines = weir::test::read_stream("one_class_svm.txt", ' ');
  ASSERT_EQ(lines.size(), 45u);
  for (const auto& line : lines) {
    std::ranges::copy(learned, model.bytes().begin());
    model.learn_without_checks(stream_of(3, {std::stod(line[0]), std::stod(line[1]), std::stod(line[2])}));
    EXPECT_NEAR(model.predicted.front(), std::stod(line[3]), 0.002) << line[0] << ' ' << line[1] << ' ' << line[2];
  }
}

TEST(one_class_svm_test, is_trained_anew_and_forgets) {
  trained model{one_class_svm(2, {.window_size = 100, .train_every = 20})};
  model.learn(normal_rows(1000, 2, 1));
  auto elsewhere = normal_rows(150, 2, 2);
  for (auto& value : elsewhere.rows)
    value += 20;
  model.learn(elsewhere);
  EXPECT_GT(test::mean_of(model.predicted, 0, 20), 0.999);
  EXPECT_LT(test::mean_of(model.predicted, 120, 150), 0.9);
}

TEST(one_class_svm_test, holds_as_few_rows_as_nu_says) {
  const auto stream = normal_rows(300, 2, 3);
  for (const auto nu : {0.05, 0.2, 0.5}) {
    trained model{one_class_svm(2, {.nu = nu, .gamma = 0.05, .train_every = 300})};
    model.learn(stream);
    std::uint64_t vectors = 0;
    std::memcpy(&vectors, model.bytes().data() + sizeof vectors, sizeof vectors);
    EXPECT_GE(static_cast<double>(vectors), nu * 256);
    EXPECT_LE(static_cast<double>(vectors), nu * 256 + 10);
  }
}

} // namespace
} // namespace weir::models::online
