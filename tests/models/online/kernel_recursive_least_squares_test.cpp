#include "models/online/kernel_recursive_least_squares.hpp"

#include "tests/models/online/learner_fixture.hpp"

#include <cmath>
#include <random>

#include <dlib/matrix.h>
#include <dlib/svm/kernel.h>
#include <dlib/svm/krls.h>

namespace weir::models::online {
namespace {

using test::numbers;
using test::trained;

numbers waves(std::size_t rows, std::size_t inputs) {
  std::mt19937 random{11};
  std::normal_distribution<double> normal;
  numbers made;
  made.inputs = inputs;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t f = 0; f < inputs; ++f) {
      made.rows.push_back(normal(random));
      sum += made.rows.back();
    }
    made.truth.push_back(std::sin(sum) + 3 + 0.05 * normal(random));
    made.labels.emplace_back();
  }
  return made;
}

/// What dlib's own says of each row before it learns from it.
std::vector<double> said_by_dlib(const numbers& of, const kernel_least_squares& how) {
  using sample = dlib::matrix<long double, 0, 1>; // of double its products would need a BLAS
  using kernel = dlib::radial_basis_kernel<sample>;
  dlib::krls<kernel> learner{kernel{static_cast<long double>(how.gamma)}, how.tolerance, how.max_dictionary_size};
  std::vector<double> said;
  for (std::size_t i = 0; i < of.size(); ++i) {
    sample row(static_cast<long>(of.inputs));
    std::copy_n(of.rows.begin() + static_cast<std::ptrdiff_t>(i * of.inputs), of.inputs, row.begin());
    said.push_back(static_cast<double>(learner(row)));
    learner.train(row, of.truth[i]);
  }
  return said;
}

TEST(kernel_recursive_least_squares_test, says_what_krls_of_dlib_says) {
  struct setting {
    std::size_t inputs;
    kernel_least_squares how;
  };
  for (const auto& [inputs, how] :
       {setting{1, {.gamma = 0.5}}, setting{3, {.gamma = 0.2, .tolerance = 0.01}},
        setting{3, {.gamma = 1, .tolerance = 0.1, .max_dictionary_size = 10}}, // drops the oldest again and again
        setting{2, {.gamma = 1, .tolerance = 0.1, .max_dictionary_size = 2}},
        setting{5, {.gamma = 0.1, .tolerance = 0.001, .max_dictionary_size = 50}}}) {
    const auto stream = waves(500, inputs);
    const auto expected = said_by_dlib(stream, how);
    trained model{kernel_recursive_least_squares(inputs, how)};
    model.learn(stream);
    EXPECT_EQ(model.learned, 500u);
    for (std::size_t i = 0; i < stream.size(); ++i)
      ASSERT_NEAR(model.predicted[i], expected[i], 1e-6 * std::max(1.0, std::abs(expected[i]))) << inputs << ", " << i;
  }
}

TEST(kernel_recursive_least_squares_test, finds_a_curve) {
  const auto stream = waves(2000, 1);
  trained model{kernel_recursive_least_squares(1, {.gamma = 1})};
  model.learn(stream);
  double errors = 0;
  for (std::size_t i = 1000; i < 2000; ++i)
    errors += std::pow(model.predicted[i] - std::sin(stream.rows[i]) - 3, 2) / 1000;
  EXPECT_LT(std::sqrt(errors), 0.03); // less than the noise of a row
}

TEST(kernel_recursive_least_squares_test, the_state_grows_with_the_dictionary_to_its_bound) {
  const auto stream = waves(400, 3);
  const auto learner = kernel_recursive_least_squares(3, {.gamma = 2, .max_dictionary_size = 30});
  trained model{learner};
  EXPECT_LT(learner->first_size(), learner->most_size() / 10);
  model.learn(stream);
  EXPECT_EQ(model.bytes().size(), learner->most_size());
}

TEST(kernel_recursive_least_squares_test, a_row_without_a_truth_changes_nothing) {
  auto stream = waves(50, 2);
  trained model{kernel_recursive_least_squares(2, {})};
  model.learn(stream);
  const std::vector<std::byte> before{model.bytes().begin(), model.bytes().end()};
  std::fill(stream.truth.begin(), stream.truth.end(), std::nan(""));
  model.learn(stream);
  EXPECT_TRUE(std::ranges::equal(before, model.bytes()));
  EXPECT_EQ(model.learned, 50u);
}

} // namespace
} // namespace weir::models::online
