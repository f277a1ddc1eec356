#include "tests/models/linear/learned_fixture.hpp"

#include "models/linear/elastic_net.hpp"
#include "models/linear/gaussian_nb.hpp"
#include "models/linear/k_means.hpp"
#include "models/linear/least_squares.hpp"
#include "models/linear/logistic_regression.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models {
namespace {

using test::learned;
using test::settings_of;

std::vector<learned> all_learned() {
  return test::read_learned("linear/learned.csv");
}

std::vector<double> numbers_of(const std::vector<linear_fit>& fits) {
  std::vector<double> made;
  for (const auto& fit : fits)
    made.insert(made.end(), fit.coefficients.begin(), fit.coefficients.end());
  for (const auto& fit : fits)
    made.push_back(fit.intercept);
  return made;
}

std::vector<double> numbers_of(const std::vector<gaussian_class>& classes) {
  std::vector<double> made;
  for (const auto& one : classes)
    made.push_back(one.prior);
  for (const auto& one : classes)
    made.insert(made.end(), one.means.begin(), one.means.end());
  for (const auto& one : classes)
    made.insert(made.end(), one.variances.begin(), one.variances.end());
  return made;
}

core::result<std::vector<double>> learn(const learned& from, const training_data& data) {
  const auto numbers = [](const auto& made) { return numbers_of(made); };
  const auto only = [](const linear_fit& made) { return numbers_of(std::vector{made}); };
  if (from.kind == "linear_regression")
    return fit_linear_regression(data, settings_of<linear_regression_options>(from)).map(only);
  if (from.kind == "ridge")
    return fit_ridge(data, settings_of<ridge_options>(from)).map(only);
  if (from.kind == "lasso")
    return fit_lasso(data, settings_of<lasso_options>(from)).map(only);
  if (from.kind == "elastic_net")
    return fit_elastic_net(data, settings_of<elastic_net_options>(from)).map(only);
  if (from.kind == "logistic_regression")
    return fit_logistic_regression(data, settings_of<logistic_regression_options>(from)).map(numbers);
  if (from.kind == "gaussian_nb")
    return fit_gaussian_nb(data, settings_of<gaussian_nb_options>(from)).map(numbers);
  auto options = settings_of<k_means_options>(from);
  options.n_init = 500;
  return fit_k_means(data, options).map([](const clusters& made) { return std::vector{made.inertia}; });
}

/// Those that follow a target that moves.
std::vector<learned> all_with_intercept() {
  auto made = all_learned();
  std::erase_if(made, [](const learned& line) {
    return (*find_trained_kind(line.kind))->learns != learning::values || line.options.contains("fit_intercept");
  });
  return made;
}

void expect_near(double made, double expected) {
  EXPECT_NEAR(made, expected, 1e-6 * std::max(1.0, std::abs(expected)));
}

class learned_test : public testing::TestWithParam<learned> {};

TEST_P(learned_test, learns_the_numbers_that_scikit_learn_learns) {
  const auto& [kind, options, from, expected] = GetParam();
  const auto made = learn(GetParam(), test::read_excerpt(from));
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->size(), expected.size());
  for (std::size_t i = 0; i < made->size(); ++i)
    expect_near((*made)[i], expected[i]);
}

class learned_at_an_offset_test : public testing::TestWithParam<learned> {};

/// scikit-learn itself loses the last digits so far from 0: what the offset adds is known.
TEST_P(learned_at_an_offset_test, learns_the_same_of_a_target_far_from_0) {
  constexpr double offset = 1e12;
  const auto& [kind, options, from, expected] = GetParam();
  auto data = test::read_excerpt(from);
  for (auto& y : data.target)
    y += offset;
  const auto made = learn(GetParam(), data);
  ASSERT_TRUE(made) << made.error().text();
  for (std::size_t i = 0; i + 1 < made->size(); ++i)
    expect_near((*made)[i], expected[i]);
  EXPECT_NEAR(made->back() - offset, expected.back(), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(lines, learned_test, testing::ValuesIn(all_learned()), test::name_of_line);
INSTANTIATE_TEST_SUITE_P(lines, learned_at_an_offset_test, testing::ValuesIn(all_with_intercept()), test::name_of_line);

} // namespace
} // namespace weir::models
