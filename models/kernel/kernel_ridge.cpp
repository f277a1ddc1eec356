#include "models/kernel/kernel_ridge.hpp"

#include "models/kernel/support.hpp"
#include "models/linear/checks.hpp"
#include "models/linear/least_squares.hpp"
#include "models/linear/weighted_mean.hpp"

#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

namespace weir::models {

namespace {

using core::fail;
using Eigen::Index;

core::result<kernel_fit> fit_linear(const training_data& data, double alpha) {
  return fit_ridge(data, {.alpha = alpha, .fit_intercept = false}).map([](const linear_fit& found) {
    return kernel_fit{{.is_rbf = false}, found.coefficients.size(), found.coefficients, {1}, 0};
  });
}

/// Of coefficients that are rounded to float32, where each kernel is 1 at most: their errors add up as at random.
bool is_lost_in_float(const Eigen::VectorXd& coefficients, const training_data& data) {
  constexpr double share = 1e-3;
  const auto weights = row_weights(data);
  const auto deviation = std::sqrt(variance_of(data.target, weights, mean_of(data.target, weights)));
  const auto error = static_cast<double>(std::numeric_limits<float>::epsilon()) * coefficients.norm();
  return deviation > 0 && error > share * deviation;
}

core::result<kernel_fit> fit_rbf(const training_data& data, const dense_rows& rows, const kernel_function& kernel,
                                 double alpha) {
  const auto size = static_cast<Index>(rows.count);
  Eigen::MatrixXd matrix{size, size};
  Eigen::VectorXd target{size}, roots{size};
  for (Index r = 0; r < size; ++r)
    roots(r) = std::sqrt(data.weight(static_cast<std::size_t>(r)));
  for (Index c = 0; c < size; ++c) {
    const auto* other = rows.row(static_cast<std::size_t>(c));
    for (Index r = c; r < size; ++r)
      matrix(r, c) = roots(r) * roots(c) * kernel(rows.row(static_cast<std::size_t>(r)), other, rows.features);
    matrix(c, c) += alpha;
    target(c) = roots(c) * data.target[static_cast<std::size_t>(c)];
  }
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factors{matrix};
  const Eigen::VectorXd found = roots.cwiseProduct(factors.solve(target));
  if (factors.info() != Eigen::Success || !found.allFinite())
    return fail("rows are too much alike for an alpha this small", {}, "raise alpha, or gamma");
  if (is_lost_in_float(found, data))
    return fail("the coefficients are too large to be written as float32", {},
                "raise alpha, or take the mean off the target");
  return keep_support(rows, kernel, {found.begin(), found.end()}, 0);
}

} // namespace

core::result<kernel_fit> fit_kernel_ridge(const training_data& data, const kernel_ridge_options& options) {
  if (auto good = check_values(data).and_then([&] { return check_positive("alpha", options.alpha); }); !good)
    return tl::unexpected{good.error()};
  const auto rows = rows_of(data);
  const auto kernel = choose_kernel(options.kernel, options.gamma, rows);
  if (!kernel)
    return tl::unexpected{kernel.error()};
  if (!kernel->is_rbf)
    return fit_linear(data, options.alpha);
  if (rows.count > most_rows_of_kernel_ridge)
    return fail("there are " + std::to_string(rows.count) + " rows, and a ridge over a kernel learns from "
                    + std::to_string(most_rows_of_kernel_ridge) + " at most",
                {}, "give it a part of the rows, or choose gradient_boosting or svr");
  return fit_rbf(data, rows, *kernel, options.alpha);
}

} // namespace weir::models
