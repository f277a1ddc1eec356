#include "models/online/gaussian_nb.hpp"
#include "models/online/recursive_least_squares.hpp"
#include "models/online/sgd.hpp"
#include "tests/models/online/learner_fixture.hpp"

#include <cmath>
#include <random>

namespace weir::models::online {
namespace {

using test::numbers;
using test::trained;

numbers part_of(const numbers& of, std::size_t begin, std::size_t end) {
  const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  return {.inputs = of.inputs,
          .rows = {of.rows.begin() + at(begin * of.inputs), of.rows.begin() + at(end * of.inputs)},
          .truth = {of.truth.begin() + at(begin), of.truth.begin() + at(end)},
          .labels = {of.labels.begin() + at(begin), of.labels.begin() + at(end)}};
}

numbers random_numbers(std::size_t rows) {
  std::mt19937 random{11};
  std::normal_distribution<double> normal;
  numbers made;
  made.inputs = 3;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x[]{normal(random), 5 + 2 * normal(random), normal(random) / 10};
    made.rows.insert(made.rows.end(), x, x + 3);
    made.truth.push_back(3 + x[0] - 2 * x[1] + 0.1 * normal(random));
    made.labels.push_back(x[0] > 0 ? "right" : x[1] > 5 ? "upper" : "lower");
  }
  return made;
}

TEST(unlearning_test, least_squares_are_as_if_they_had_never_learned_a_row) {
  const auto all = random_numbers(300);
  const auto learner = recursive_least_squares(3, {});
  ASSERT_TRUE(learner->unlearns());
  trained model{learner}, others{learner};
  model.learn(all);
  model.unlearn(part_of(all, 50, 170));
  EXPECT_EQ(model.unlearned, 120u);
  EXPECT_EQ(model.kept, 0u);
  others.learn(part_of(all, 0, 50));
  others.learn(part_of(all, 170, 300));
  for (std::size_t word = 2; word < model.bytes().size() / 8; ++word)
    EXPECT_NEAR(model.number(word), others.number(word), 1e-8) << word;
}

TEST(unlearning_test, a_row_that_least_squares_cannot_do_without_is_kept_and_counted) {
  const auto all = random_numbers(30);
  const auto learner = recursive_least_squares(3, {.alpha = 1e-9});
  trained model{learner};
  auto wide = part_of(all, 0, 1);
  wide.rows = {1e6, 0, 0};
  model.learn(part_of(all, 0, 3));
  const std::vector<std::byte> before{model.bytes().begin(), model.bytes().end()};
  model.unlearn(wide); // was never learned
  EXPECT_EQ(model.kept, 1u);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), model.bytes().begin()));
  EXPECT_FALSE(recursive_least_squares(3, {.forgetting_factor = 0.99})->unlearns());
}

TEST(unlearning_test, gaussian_nb_is_as_if_it_had_never_learned_a_row) {
  const auto all = random_numbers(300);
  for (const auto& learner : {gaussian_nb(3, class_list{4}), gaussian_nb(3, class_list{{"right", "upper", "lower"}})}) {
    ASSERT_TRUE(learner->unlearns());
    trained model{learner}, others{learner};
    model.learn(all);
    model.unlearn(part_of(all, 100, 200));
    EXPECT_EQ(model.unlearned, 100u);
    others.learn(part_of(all, 0, 100));
    others.learn(part_of(all, 200, 300));
    ASSERT_EQ(model.bytes().size(), others.bytes().size());
    const auto more = random_numbers(50);
    model.learn(more);
    others.learn(more);
    EXPECT_EQ(model.said, others.said);
    for (std::size_t i = 0; i < more.size(); ++i)
      EXPECT_NEAR(model.probabilities[i], others.probabilities[i], 1e-12) << i;
  }
}

TEST(unlearning_test, gaussian_nb_forgets_a_class_whose_rows_have_gone_and_keeps_what_it_never_had) {
  const auto all = random_numbers(40);
  trained model{gaussian_nb(3, class_list{4})};
  model.learn(all);
  model.unlearn(all);
  EXPECT_EQ(model.unlearned, 40u);
  model.unlearn(part_of(all, 0, 5));
  EXPECT_EQ(model.kept, 5u);
  auto unknown = part_of(all, 0, 1);
  unknown.labels = {"never"};
  model.unlearn(unknown);
  EXPECT_EQ(model.kept, 6u);
  model.learn(part_of(all, 0, 1));
  EXPECT_EQ(model.said.front(), ""); // nobody is left
}

TEST(unlearning_test, others_say_that_they_cannot) {
  EXPECT_FALSE(sgd_regressor(3, true, {}, {})->unlearns());
}

} // namespace
} // namespace weir::models::online
