#include "models/online/adaptive_random_forest.hpp"
#include "models/online/gaussian_nb.hpp"
#include "models/online/hoeffding_regressor.hpp"
#include "models/online/hoeffding_state.hpp"
#include "models/online/hoeffding_tree.hpp"
#include "models/online/kernel_recursive_least_squares.hpp"
#include "models/online/passive_aggressive.hpp"
#include "models/online/recursive_least_squares.hpp"
#include "tests/models/online/learner_fixture.hpp"

#include <functional>
#include <limits>
#include <random>

namespace weir::models::online {
namespace {

using test::numbers;
using test::trained;

/// Two inputs decide on one of three classes; the truth is a plane.
numbers random_numbers(unsigned seed, std::size_t rows) {
  std::mt19937 random{seed};
  std::normal_distribution<double> normal;
  numbers made;
  made.inputs = 3;
  for (std::size_t i = 0; i < rows; ++i) {
    const double x[]{normal(random), normal(random), normal(random)};
    made.rows.insert(made.rows.end(), x, x + 3);
    made.truth.push_back(3 + x[0] - 2 * x[1]);
    made.labels.push_back(x[0] > 0 ? "right" : x[1] > 0 ? "upper" : "lower");
  }
  return made;
}

const hoeffding_tree eager{.grace_period = 20, .delta = 0.1, .tau = 0.4, .max_leaves = 12};

const hoeffding_regression eager_regression{
    .grace_period = 20, .delta = 0.1, .tau = 0.4, .max_values = 9, .max_leaves = 12};
const hoeffding_regression eager_means{
    .grace_period = 20, .delta = 0.1, .tau = 0.4, .leaves = value_prediction::mean, .max_values = 9, .max_leaves = 12};
const adaptive_random_forest small_forest{.n_models = 3, .max_features = 2};

struct named {
  std::string name;
  learner_ptr learner;
};

std::vector<named> all_learners() {
  return {
      {"passive_aggressive_regressor", passive_aggressive_regressor(3, true, {})},
      {"passive_aggressive_classifier", passive_aggressive_classifier(3, true, class_list{4}, {})},
      {"recursive_least_squares", recursive_least_squares(3, {.forgetting_factor = 0.99})},
      {"kernel_recursive_least_squares",
       kernel_recursive_least_squares(3, {.gamma = 0.3, .tolerance = 0.05, .max_dictionary_size = 20})},
      {"gaussian_nb", gaussian_nb(3, class_list{4})},
      {"gaussian_nb of given classes", gaussian_nb(3, class_list{{"right", "upper", "lower", "never"}})},
      {"hoeffding_tree_classifier", hoeffding_tree_classifier(3, class_list{4}, eager)},
      {"hoeffding_tree_regressor", hoeffding_tree_regressor(3, true, eager_regression)},
      {"hoeffding_tree_regressor of means", hoeffding_tree_regressor(3, false, eager_means)},
      {"adaptive_random_forest_classifier", adaptive_random_forest_classifier(3, class_list{4}, small_forest, eager)},
      {"adaptive_random_forest_regressor",
       adaptive_random_forest_regressor(3, true, small_forest, forest_aggregation::median, eager_regression)}};
}

TEST(online_learners_test, have_the_same_bits_wherever_blocks_end) {
  const auto stream = random_numbers(1, 600);
  for (const auto& [name, learner] : all_learners()) {
    SCOPED_TRACE(name);
    trained whole{learner};
    whole.learn(stream, 600);
    EXPECT_EQ(whole.learned, 600u);
    for (const std::size_t rows : {1, 7, 64}) {
      trained parts{learner};
      parts.learn(stream, rows);
      ASSERT_EQ(whole.bytes().size(), parts.bytes().size());
      EXPECT_EQ(std::memcmp(whole.bytes().data(), parts.bytes().data(), whole.bytes().size()), 0);
      EXPECT_EQ(whole.said, parts.said);
    }
  }
}

TEST(online_learners_test, do_not_learn_what_would_leave_the_finite_numbers) {
  auto stream = random_numbers(2, 50);
  for (const std::size_t i : {60, 61, 90, 120})
    stream.rows[i] = i % 2 == 0 ? 1.5e308 : -1.5e308;
  for (const auto& [name, learner] : all_learners()) {
    SCOPED_TRACE(name);
    trained model{learner};
    model.learn(stream, 1); // asks after each row whether the state is valid
    EXPECT_EQ(model.learned + model.refused, 50u);
    if (name != "kernel_recursive_least_squares") { // however far a row is, its likeness to others is a finite number
      EXPECT_GT(model.refused, 0u);
    }
  }
}

TEST(online_learners_test, bytes_that_were_changed_at_random_do_no_harm) {
  const auto stream = random_numbers(3, 300);
  const auto more = random_numbers(4, 30);
  for (const auto& [name, learner] : all_learners()) {
    SCOPED_TRACE(name);
    trained model{learner};
    model.learn(stream);
    const std::vector<std::byte> good{model.bytes().begin(), model.bytes().end()};
    std::mt19937 random{5};
    for (int i = 0; i < 3000; ++i) {
      std::copy(good.begin(), good.end(), model.bytes().begin());
      for (auto changes = 1 + random() % 3; changes > 0; --changes)
        model.bytes()[random() % good.size()] = static_cast<std::byte>(random());
      if (learner->valid(model.bytes()))
        trained{model}.learn_without_checks(more);
    }
    for (const auto cut : {1, 8, 16, 100})
      EXPECT_FALSE(learner->valid(std::span{good}.first(good.size() - static_cast<std::size_t>(cut))));
    EXPECT_FALSE(learner->valid({}));
  }
}

/// Feeds rows one by one; what is told has to be all that was written. @returns bytes told a row
std::size_t told_by(const learner_ptr& learner, const numbers& stream) {
  trained model{learner};
  std::size_t told = 0;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    const std::vector<std::byte> before{model.bytes().begin(), model.bytes().end()};
    model.changed.clear();
    model.learn({.inputs = 3,
                 .rows = {stream.rows.begin() + static_cast<std::ptrdiff_t>(3 * i),
                          stream.rows.begin() + static_cast<std::ptrdiff_t>(3 * i + 3)},
                 .truth = {stream.truth[i]},
                 .labels = {stream.labels[i]}});
    const std::vector<std::byte> after{model.bytes().begin(), model.bytes().end()};
    auto expected = before;
    expected.resize(after.size()); // what is new is zero
    for (const auto& [offset, size] : model.changed) {
      EXPECT_LE(offset + size, after.size());
      std::copy_n(after.begin() + static_cast<std::ptrdiff_t>(offset), size,
                  expected.begin() + static_cast<std::ptrdiff_t>(offset));
      told += size;
    }
    EXPECT_EQ(expected == after, true) << i;
  }
  return told / stream.size();
}

TEST(online_learners_test, trees_tell_all_that_they_have_written_and_one_alone_little_more) {
  auto stream = random_numbers(8, 2000);
  for (std::size_t i = 1200; i < 2000; ++i) { // a change, so that trees of forests are replaced
    stream.truth[i] = -stream.truth[i];
    stream.labels[i] = stream.labels[i] == "right" ? "lower" : "right";
  }
  std::size_t count = 0;
  for (const auto& [name, learner] : all_learners()) {
    SCOPED_TRACE(name);
    if (!learner->tells_changes())
      continue;
    ++count;
    const auto told = told_by(learner, stream);
    if (name == "hoeffding_tree_classifier") {
      const tree_layout layout{.inputs = 3, .classes = 4, .has_labels = true};
      EXPECT_LT(told, 2 * 8 * layout.leaf_words());
    }
  }
  EXPECT_EQ(count, 5u);
}

TEST(online_learners_test, least_squares_find_a_plane) {
  const auto stream = random_numbers(6, 200);
  trained model{recursive_least_squares(3, {.alpha = 1e-9})};
  model.learn(stream);
  for (std::size_t i = 10; i < 200; ++i)
    EXPECT_NEAR(model.predicted[i], stream.truth[i], 1e-6);
}

TEST(online_learners_test, a_tree_grows_to_its_bound_and_is_right_nearly_always) {
  const auto stream = random_numbers(7, 20'000);
  trained model{hoeffding_tree_classifier(3, class_list{4}, eager)};
  model.learn(stream);
  const tree_layout layout{.inputs = 3, .classes = 4, .has_labels = true};
  EXPECT_EQ(layout.units().units(model.bytes().size()), 12u);
  std::size_t right = 0;
  for (std::size_t i = 15'000; i < 20'000; ++i)
    right += model.said[i] == stream.labels[i] ? 1 : 0;
  EXPECT_GT(right, 4750u);
}

} // namespace
} // namespace weir::models::online
