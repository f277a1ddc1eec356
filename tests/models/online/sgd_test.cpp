#include "models/online/sgd.hpp"

#include "models/online/linear_state.hpp"
#include "tests/models/online/learner_fixture.hpp"

#include <cmath>
#include <limits>
#include <random>

namespace weir::models::online {
namespace {

using test::numbers;
using test::trained;

double mean_absolute_error(const trained& model, const numbers& of) {
  double sum = 0;
  for (std::size_t i = 0; i < of.size(); ++i)
    sum += std::abs(model.predicted[i] - of.truth[i]);
  return sum / static_cast<double>(of.size());
}

double intercept_of(const trained& model, std::size_t inputs) {
  const linear_layout layout{.inputs = inputs};
  return model.number(layout.class_begin(0) + offsetof(linear_weights, intercept) / sizeof(double));
}

bool same_bytes(trained& one, trained& other) {
  const auto a = one.bytes();
  const auto b = other.bytes();
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

numbers random_numbers(unsigned seed, std::size_t rows, std::size_t inputs, std::size_t classes) {
  std::mt19937 random{seed};
  std::normal_distribution<double> normal;
  numbers made;
  made.inputs = inputs;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t f = 0; f < inputs; ++f)
      made.rows.push_back(normal(random) * 10);
    made.truth.push_back(normal(random));
    made.labels.push_back("class " + std::to_string(random() % classes));
  }
  return made;
}

// The example in the documentation of river's LinearRegression.
TEST(sgd_test, is_rivers_example_to_all_its_digits) {
  const auto stream = test::read_numbers("trump_approval");
  trained model{sgd_regressor(stream.inputs, true, {}, {.intercept_rate = 0.1})};
  model.learn(stream);
  EXPECT_NEAR(mean_absolute_error(model, stream), 0.558735, 5e-7);
  EXPECT_NEAR(intercept_of(model, stream.inputs), 35.617670959855616, 1e-9);
  EXPECT_EQ(model.learned, stream.size());
}

TEST(sgd_test, is_rivers_example_with_its_defaults_too) {
  const auto stream = test::read_numbers("trump_approval");
  trained model{sgd_regressor(stream.inputs, true, {}, {})};
  model.learn(stream);
  EXPECT_NEAR(mean_absolute_error(model, stream), 1.314548, 5e-7);
  EXPECT_NEAR(intercept_of(model, stream.inputs), 12.14898351216472, 1e-9);
}

TEST(sgd_test, has_the_same_bits_wherever_blocks_end) {
  const auto stream = random_numbers(1, 500, 5, 6);
  const auto learners = {sgd_regressor(5, true, {regression_loss::huber}, {.l1 = 0.01}),
                         sgd_classifier(5, true, class_list{8}, classification_loss::log_loss, {}),
                         sgd_classifier(5, false, class_list{{"class 0", "class 1"}}, classification_loss::hinge, {})};
  for (const auto& learner : learners) {
    trained whole{learner};
    whole.learn(stream, 500);
    for (const std::size_t rows : {1, 7, 64}) {
      trained parts{learner};
      parts.learn(stream, rows);
      EXPECT_TRUE(same_bytes(whole, parts));
      EXPECT_EQ(whole.said, parts.said);
    }
  }
}

TEST(sgd_test, a_row_without_a_truth_is_predicted_and_changes_nothing) {
  auto stream = random_numbers(2, 40, 3, 2);
  trained model{sgd_regressor(3, true, {}, {})};
  model.learn(stream);
  trained with_more{sgd_regressor(3, true, {}, {})};
  with_more.learn(stream);
  numbers more{.inputs = 3, .rows = {1, 2, 3}, .truth = {std::numeric_limits<double>::quiet_NaN()}, .labels = {""}};
  with_more.learn(more);
  EXPECT_TRUE(std::isfinite(with_more.predicted[0]));
  EXPECT_NE(with_more.predicted[0], 0);
  EXPECT_EQ(with_more.learned, 40u);
  EXPECT_TRUE(same_bytes(model, with_more));
}

TEST(sgd_test, a_step_that_would_leave_the_finite_numbers_is_not_made) {
  for (const bool standardize : {false, true}) {
    numbers stream{.inputs = 1, .rows = {1, 2, 1e308, -1e308, 1e308, 3}, .truth = {1, 2, -1e308, 1e308, 1e300, 3}};
    stream.labels.resize(6);
    trained model{sgd_regressor(1, standardize, {}, {.rate = {.rate = 1e10}, .clip = 1e308})};
    model.learn(stream); // asks after each block whether the state is valid
    EXPECT_GT(model.refused, 0u);
    EXPECT_EQ(model.learned + model.refused, 6u);
  }
}

TEST(sgd_test, a_model_that_diverges_goes_on_with_finite_weights) {
  const auto stream = random_numbers(3, 2000, 4, 2);
  trained model{sgd_regressor(4, false, {}, {.rate = {.rate = 100}})};
  model.learn(stream, 1);
  EXPECT_GT(model.learned, 100u);
  for (const auto predicted : model.predicted)
    EXPECT_FALSE(std::isinf(predicted));
}

TEST(sgd_test, more_classes_than_there_may_be_are_not_learned) {
  const auto stream = random_numbers(4, 200, 2, 5);
  trained model{sgd_classifier(2, true, class_list{3}, classification_loss::log_loss, {})};
  model.learn(stream);
  EXPECT_GT(model.refused, 20u);
  EXPECT_EQ(model.learned + model.refused, 200u);
  EXPECT_EQ((std::set<std::string>{model.said.begin(), model.said.end()}).size(), 4u); // nothing at first, then three
}

TEST(sgd_test, bytes_that_it_cannot_have_left_are_no_state) {
  const auto stream = random_numbers(5, 50, 2, 2);
  const auto learner = sgd_classifier(2, true, class_list{4}, classification_loss::log_loss, {});
  trained model{learner};
  model.learn(stream);
  const std::vector<std::byte> good{model.bytes().begin(), model.bytes().end()};
  const auto with = [&](std::size_t at, double value) {
    auto bytes = good;
    std::memcpy(bytes.data() + at, &value, sizeof value);
    return bytes;
  };
  ASSERT_TRUE(learner->valid(good));
  EXPECT_FALSE(learner->valid(std::span{good}.first(good.size() - 8)));
  EXPECT_FALSE(learner->valid(std::span{good}.first(8)));
  EXPECT_FALSE(learner->valid(with(good.size() - 8, std::numeric_limits<double>::infinity())));
  EXPECT_FALSE(learner->valid(with(16, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_FALSE(learner->valid(with(8, 1e300))); // the number of classes
}

} // namespace
} // namespace weir::models::online
