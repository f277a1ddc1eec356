#include "models/linear/elastic_net.hpp"

#include "models/linear/centred_rows.hpp"
#include "models/linear/checks.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace weir::models {

namespace {

using core::fail;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Features and target by their products alone, each feature in a unit in which its mean square is 1, and the target
/// too: so one tolerance is right for all.
class coordinate_descent {
public:
  coordinate_descent(const centred_rows& from, double l1, double l2) {
    const auto rows = static_cast<Index>(from.rows);
    const Eigen::Map<const MatrixXd> x{from.x.data(), rows, static_cast<Index>(from.features)};
    const Eigen::Map<const VectorXd> y{from.y.data(), rows};
    units_ = (x.colwise().squaredNorm() / from.weight).cwiseSqrt();
    y_unit_ = std::sqrt(y.squaredNorm() / from.weight);
    const VectorXd scale = units_.unaryExpr([](double unit) { return unit > 0 ? 1 / unit : 0; });
    products_ = MatrixXd::Zero(x.cols(), x.cols());
    products_.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose(), 1 / from.weight);
    products_ = scale.asDiagonal() * MatrixXd{products_.selfadjointView<Eigen::Lower>()} * scale.asDiagonal();
    const auto y_scale = y_unit_ > 0 ? 1 / y_unit_ : 0;
    with_y_ = scale.cwiseProduct(x.transpose() * y) * (y_scale / from.weight);
    l1_ = scale * (l1 * y_scale);
    l2_ = scale.cwiseAbs2() * l2;
    made_ = VectorXd::Zero(x.cols());
    left_ = with_y_;
  }

  /// False: max_iter passes were too few.
  bool run(std::size_t max_iter) {
    for (std::size_t pass = 0; pass < max_iter; ++pass) {
      const auto before = signs();
      if (descend() <= tolerance)
        return true;
      const auto is_stable = signs() == before;
      if ((is_stable || pass % patience == patience - 1) && solve())
        return true;
    }
    return false;
  }

  std::vector<double> coefficients() const {
    std::vector<double> made(static_cast<std::size_t>(made_.size()));
    for (Index j = 0; j < made_.size(); ++j)
      made[static_cast<std::size_t>(j)] = units_(j) > 0 ? made_(j) * y_unit_ / units_(j) : 0;
    return made;
  }

private:
  static constexpr double tolerance = 1e-13;
  static constexpr std::size_t patience = 5;   ///< passes until signs that still change are taken as they are
  static constexpr double least_pivot = 1e-10; ///< below it features count as dependent on each other

  /// One pass over all coefficients. @returns the largest step
  double descend() {
    double largest = 0;
    for (Index j = 0; j < made_.size(); ++j) {
      if (units_(j) == 0)
        continue;
      const auto before = made_(j);
      const auto pull = left_(j) + before * products_(j, j);
      const auto kept = std::max(std::abs(pull) - l1_(j), 0.0);
      made_(j) = std::copysign(kept, pull) / (products_(j, j) + l2_(j));
      const auto step = made_(j) - before;
      if (step != 0)
        left_ -= step * products_.col(j);
      largest = std::max(largest, std::abs(step));
    }
    return largest;
  }

  std::vector<int> signs() const {
    std::vector<int> made;
    for (const auto c : made_)
      made.push_back((c > 0) - (c < 0));
    return made;
  }

  /// Goes to the least among coefficients of these signs; those that become 0 on the way stay there (as in the
  /// feature-sign search of Lee et al. 2007). False: that is not the least of all.
  bool solve() {
    for (auto active = find_active(); !active.empty(); active = find_active()) {
      MatrixXd system = products_(active, active);
      system.diagonal() += l2_(active);
      const Eigen::LDLT<MatrixXd> factors{system};
      if (!(factors.vectorD().minCoeff() > least_pivot * factors.vectorD().maxCoeff()))
        return false;
      const VectorXd now = made_(active);
      const VectorXd found = factors.solve(with_y_(active) - l1_(active).cwiseProduct(now.cwiseSign()));
      const auto kept_signs = go_towards(found, now, active);
      left_ = with_y_ - products_(Eigen::all, active) * made_(active);
      if (kept_signs)
        return is_least();
    }
    return false;
  }

  std::vector<Index> find_active() const {
    std::vector<Index> active;
    for (Index j = 0; j < made_.size(); ++j)
      if (made_(j) != 0)
        active.push_back(j);
    return active;
  }

  /// As far as no sign changes. False: that is not all the way.
  bool go_towards(const VectorXd& found, const VectorXd& now, const std::vector<Index>& active) {
    Index first = -1;
    double share = 1;
    for (Index i = 0; i < now.size(); ++i)
      if (const auto until = now(i) / (now(i) - found(i)); now(i) * found(i) <= 0 && until <= share) {
        share = until;
        first = i;
      }
    made_(active) = first < 0 ? found : now + share * (found - now);
    if (first >= 0)
      made_(active[static_cast<std::size_t>(first)]) = 0;
    return first < 0;
  }

  /// Whether no coefficient that is 0 would leave it.
  bool is_least() const {
    for (Index j = 0; j < made_.size(); ++j)
      if (made_(j) == 0 && std::abs(left_(j)) > l1_(j) + tolerance)
        return false;
    return true;
  }

  VectorXd units_; ///< of the features; 0 of one that is constant
  double y_unit_ = 0;
  MatrixXd products_; ///< of features
  VectorXd with_y_;   ///< of features and the target
  VectorXd l1_;       ///< penalties, in the units of the coefficients
  VectorXd l2_;
  VectorXd made_;
  VectorXd left_; ///< with_y_ less what the coefficients explain
};

} // namespace

core::result<linear_fit> fit_elastic_net(const training_data& data, const elastic_net_options& options) {
  if (auto good = check_values(data); !good)
    return tl::unexpected{good.error()};
  if (!(options.alpha >= 0) || std::isinf(options.alpha))
    return fail("alpha must not be negative");
  if (!(options.l1_ratio >= 0 && options.l1_ratio <= 1))
    return fail("l1_ratio must be from 0 to 1");
  if (options.max_iter == 0)
    return fail("max_iter must be at least 1");
  const auto rows = centre(data, options.fit_intercept);
  coordinate_descent descent{rows, options.alpha * options.l1_ratio, options.alpha * (1 - options.l1_ratio)};
  if (!descent.run(options.max_iter))
    return fail("the coefficients have not settled after " + std::to_string(options.max_iter) + " passes", {},
                "raise max_iter or alpha, or leave out features that say the same");
  return with_intercept(descent.coefficients(), rows);
}

core::result<linear_fit> fit_lasso(const training_data& data, const lasso_options& options) {
  return fit_elastic_net(
      data,
      {.alpha = options.alpha, .l1_ratio = 1, .fit_intercept = options.fit_intercept, .max_iter = options.max_iter});
}

} // namespace weir::models
