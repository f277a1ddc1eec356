#include "tests/models/linear/learned_fixture.hpp"
#include "tests/models/scoring.hpp"

#include "models/kernel/kernel_ridge.hpp"
#include "models/kernel/linear_svc.hpp"
#include "models/kernel/one_class_svm.hpp"
#include "models/kernel/svc.hpp"
#include "models/kernel/svr.hpp"
#include "models/onnx/reader.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models {
namespace {

using test::learned;
using test::settings_of;

using values = std::vector<double>;

/// A row of the table, as it is scored.
std::vector<values> all_rows(const test::excerpt& from) {
  auto wanted = from;
  wanted.rows = 60;
  const auto data = test::read_excerpt(wanted);
  std::vector<values> made(data.rows());
  for (std::size_t r = 0; r < data.rows(); ++r)
    for (const auto& feature : data.features)
      made[r].push_back(feature[r]);
  return made;
}

/// What a fit says of all rows, one after the other.
template <class Fit, class Say>
core::result<values> said_by(const core::result<Fit>& fit, const learned& line, const Say& say) {
  if (!fit)
    return tl::unexpected{fit.error()};
  values made;
  for (const auto& row : all_rows(line.from))
    for (const auto value : say(*fit, row))
      made.push_back(value);
  return made;
}

values say_linear(const std::vector<linear_fit>& fits, const values& row) {
  values made;
  for (const auto& fit : fits) {
    made.push_back(fit.intercept);
    for (std::size_t f = 0; f < row.size(); ++f)
      made.back() += fit.coefficients[f] * row[f];
  }
  return made;
}

/// Of two classes scikit-learn's sums speak for the second.
values say_pairs(const pairwise_fit& fit, const values& row) {
  auto made = fit.decide(row.data());
  if (fit.classes() == 2)
    made[0] = -made[0];
  return made;
}

values say_sum(const kernel_fit& fit, const values& row) {
  return {fit.value(row.data())};
}

template <class Settings>
Settings exact(const learned& line) {
  auto made = settings_of<Settings>(line);
  made.tol = 1e-9;
  return made;
}

core::result<values> learn(const learned& line, const training_data& data) {
  if (line.kind == "svr")
    return said_by(fit_svr(data, exact<svr_options>(line)), line, say_sum);
  if (line.kind == "one_class_svm")
    return said_by(fit_one_class_svm(data, exact<one_class_svm_options>(line)), line, say_sum);
  if (line.kind == "kernel_ridge")
    return said_by(fit_kernel_ridge(data, settings_of<kernel_ridge_options>(line)), line, say_sum);
  if (line.kind == "svc")
    return said_by(fit_svc(data, exact<svc_options>(line)), line, say_pairs);
  return said_by(fit_linear_svc(data, exact<linear_svc_options>(line)), line, say_linear);
}

double size_of_values(const values& of) {
  double most = 0;
  for (const auto one : of)
    most = std::max(most, std::abs(one));
  return std::max(most, 1e-3);
}

class kernel_decisions_test : public testing::TestWithParam<learned> {};

TEST_P(kernel_decisions_test, are_those_of_scikit_learn) {
  const auto& line = GetParam();
  const auto made = learn(line, test::read_excerpt(line.from));
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->size(), line.numbers.size());
  const auto near = (line.kind == "kernel_ridge" ? 1e-6 : 1e-3) * size_of_values(line.numbers);
  for (std::size_t i = 0; i < made->size(); ++i)
    EXPECT_NEAR((*made)[i], line.numbers[i], near) << "value " << i;
}

class svr_at_an_offset_test : public testing::TestWithParam<learned> {};

TEST_P(svr_at_an_offset_test, moves_with_the_target) {
  constexpr double offset = 1e12;
  const auto& line = GetParam();
  auto data = test::read_excerpt(line.from);
  for (auto& y : data.target)
    y += offset;
  const auto made = learn(line, data);
  ASSERT_TRUE(made) << made.error().text();
  for (std::size_t i = 0; i < made->size(); ++i)
    EXPECT_NEAR((*made)[i] - offset, line.numbers[i], 1e-3 * size_of_values(line.numbers));
}

std::vector<learned> all_decisions() {
  return test::read_learned("kernel/decisions.csv");
}

std::vector<learned> all_of_svr() {
  auto made = all_decisions();
  std::erase_if(made, [](const auto& line) { return line.kind != "svr"; });
  return made;
}

INSTANTIATE_TEST_SUITE_P(lines, kernel_decisions_test, testing::ValuesIn(all_decisions()), test::name_of_line);
INSTANTIATE_TEST_SUITE_P(lines, svr_at_an_offset_test, testing::ValuesIn(all_of_svr()), test::name_of_line);

class kernel_files_test : public testing::TestWithParam<const char*> {};

/// Files that weir wrote, and what ONNX Runtime makes of them, which sums up in float32.
TEST_P(kernel_files_test, say_what_onnx_runtime_says) {
  const auto name = std::string{"kernel/"} + GetParam();
  const auto model = model::load(WEIR_SOURCE_DIR "/tests/data/" + name + ".onnx");
  ASSERT_TRUE(model) << model.error().text();
  const auto lines = test::lines_of(name + ".csv");
  std::vector<std::vector<std::string>> rows;
  for (std::size_t r = 1; r < lines.size(); ++r)
    rows.push_back(test::parts_of(lines[r], ','));
  const auto scored = test::score(**model, rows);
  const auto features = (*model)->meaning().features.size();
  ASSERT_EQ(rows.front().size(), features + (*model)->columns());
  for (std::size_t c = 0; c < (*model)->columns(); ++c)
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto expected = std::stod(rows[r][features + c]);
      EXPECT_NEAR(scored.numbers[c][r], expected, 1e-4 * std::max(1.0, std::abs(expected))) << c << " of row " << r;
    }
}

INSTANTIATE_TEST_SUITE_P(kinds, kernel_files_test,
                         testing::Values("svr", "svr_linear", "kernel_ridge", "svc_two_classes", "svc_three_classes",
                                         "svc_linear", "linear_svc_two_classes", "linear_svc_three_classes",
                                         "one_class_svm"),
                         [](const auto& name) { return std::string{name.param}; });

} // namespace
} // namespace weir::models
