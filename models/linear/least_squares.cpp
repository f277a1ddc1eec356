#include "models/linear/least_squares.hpp"

#include "models/linear/centred_rows.hpp"
#include "models/linear/checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <Eigen/QR>
#include <Eigen/SVD>

namespace weir::models {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct equations {
  MatrixXd x;
  VectorXd y;
};

/// Equations with the same solution, no more than there are features: those of the triangle of a QR decomposition.
equations condense(centred_rows& from) {
  const auto rows = static_cast<Eigen::Index>(from.rows);
  const auto features = static_cast<Eigen::Index>(from.features);
  Eigen::Map<MatrixXd> x{from.x.data(), rows, features};
  Eigen::Map<VectorXd> y{from.y.data(), rows};
  if (rows <= features)
    return {x, y};
  Eigen::HouseholderQR<Eigen::Ref<MatrixXd>> qr{x};
  y.applyOnTheLeft(qr.householderQ().adjoint());
  return {x.topRows(features).triangularView<Eigen::Upper>(), y.head(features)};
}

std::vector<double> solve(centred_rows& rows, double alpha) {
  const auto [x, y] = condense(rows);
  const Eigen::BDCSVD<MatrixXd> svd{x, Eigen::ComputeThinU | Eigen::ComputeThinV};
  const auto& sizes = svd.singularValues();
  // what is smaller than this is an error of rounding (as in scikit-learn)
  const auto least = static_cast<double>(std::max(rows.rows, rows.features)) * std::numeric_limits<double>::epsilon()
                     * sizes.maxCoeff();
  VectorXd along = svd.matrixU().transpose() * y;
  for (Eigen::Index i = 0; i < along.size(); ++i)
    along(i) = sizes(i) > least ? along(i) / (sizes(i) + alpha / sizes(i)) : 0;
  const VectorXd made = svd.matrixV() * along;
  return {made.begin(), made.end()};
}

core::result<linear_fit> fit(const training_data& data, bool fit_intercept, double alpha) {
  return check_values(data).map([&] {
    auto rows = centre(data, fit_intercept);
    return with_intercept(solve(rows, alpha), rows);
  });
}

} // namespace

core::result<linear_fit> fit_linear_regression(const training_data& data, const linear_regression_options& options) {
  return fit(data, options.fit_intercept, 0);
}

core::result<linear_fit> fit_ridge(const training_data& data, const ridge_options& options) {
  if (!(options.alpha >= 0) || std::isinf(options.alpha))
    return core::fail("alpha must not be negative");
  return fit(data, options.fit_intercept, options.alpha);
}

} // namespace weir::models
