#include "models/linear/logistic_regression.hpp"

#include "models/class_weight.hpp"
#include "models/linear/checks.hpp"
#include "models/linear/weighted_mean.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <Eigen/Cholesky>

namespace weir::models {

namespace {

using core::fail;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The loss as a mean over the rows, of features around 0 with a mean square of 1: that changes nothing but how fast
/// the least is found, because the penalty follows. Coefficients are a column for each output, the intercept their last
/// row.
class logistic_loss {
public:
  logistic_loss(const training_data& data, const logistic_regression_options& options,
                const std::vector<double>& weights) :
      target_{data.target},
      has_intercept_{options.fit_intercept} {
    const auto classes = size_of(*data.labels);
    outputs_ = classes == 2 ? 1 : static_cast<Index>(classes);
    const auto all = std::accumulate(weights.begin(), weights.end(), 0.0);
    weights_ = Eigen::Map<const VectorXd>{weights.data(), static_cast<Index>(weights.size())} / all;
    const auto columns = data.features.size() + (has_intercept_ ? 1 : 0);
    x_ = MatrixXd::Ones(weights_.size(), static_cast<Index>(columns));
    penalty_ = VectorXd::Zero(x_.cols());
    for (const auto& values : data.features)
      add_feature(values, weights, options.C * all);
  }

  MatrixXd nothing() const { return MatrixXd::Zero(x_.cols(), outputs_); }

  double value(const MatrixXd& at) const {
    const MatrixXd scores = x_ * at;
    double sum = 0;
    for (Index r = 0; r < scores.rows(); ++r)
      sum += weights_(r) * loss_of(scores, r);
    return sum + (penalty_.asDiagonal() * at.cwiseAbs2()).sum() / 2;
  }

  /// Makes curvature_times() that of this place. @returns the gradient
  MatrixXd move_to(const MatrixXd& at) {
    shares_ = x_ * at;
    MatrixXd off{shares_.rows(), outputs_};
    for (Index r = 0; r < shares_.rows(); ++r) {
      to_shares(r);
      off.row(r) = shares_.row(r);
      if (outputs_ == 1)
        off(r, 0) -= truth(r);
      else
        off(r, static_cast<Index>(truth(r))) -= 1;
    }
    return x_.transpose() * (weights_.asDiagonal() * off) + penalty_.asDiagonal() * at;
  }

  MatrixXd curvature_times(const MatrixXd& step) const {
    MatrixXd along = (x_ * step).cwiseProduct(shares_);
    const VectorXd sums = along.rowwise().sum();
    for (Index k = 0; k < outputs_; ++k)
      along.col(k) -= shares_.col(k).cwiseProduct(sums);
    return x_.transpose() * (weights_.asDiagonal() * along) + penalty_.asDiagonal() * step;
  }

  /// The whole curvature, output by output.
  MatrixXd curvature() const {
    const auto size = x_.cols();
    MatrixXd made{size * outputs_, size * outputs_};
    MatrixXd weighted{x_.rows(), size};
    for (Index k = 0; k < outputs_; ++k)
      for (Index other = 0; other <= k; ++other) {
        const auto own = k == other ? 1.0 : 0.0;
        weighted =
            weights_.cwiseProduct(shares_.col(k)).cwiseProduct((own - shares_.col(other).array()).matrix()).asDiagonal()
            * x_;
        made.block(k * size, other * size, size, size).noalias() = x_.transpose() * weighted;
      }
    made.diagonal() += penalty_.replicate(outputs_, 1);
    return made;
  }

  /// About the diagonal of the curvature: the mean square of features is 1.
  MatrixXd diagonal() const {
    const Eigen::RowVectorXd of_output = weights_.transpose() * shares_.cwiseProduct((1 - shares_.array()).matrix());
    return (penalty_.replicate(1, outputs_).rowwise() + of_output).cwiseMax(1e-12);
  }

  std::vector<linear_fit> fits(MatrixXd found) const {
    // of several classes only the differences of intercepts are known
    if (has_intercept_ && outputs_ > 1)
      found.bottomRows<1>().array() -= found.bottomRows<1>().mean();
    std::vector<linear_fit> made;
    for (Index k = 0; k < outputs_; ++k) {
      auto& one = made.emplace_back();
      one.intercept = has_intercept_ ? found(found.rows() - 1, k) : 0;
      for (std::size_t f = 0; f < units_.size(); ++f) {
        one.coefficients.push_back(found(static_cast<Index>(f), k) / units_[f]);
        one.intercept -= one.coefficients.back() * means_[f].value();
      }
    }
    return made;
  }

private:
  void add_feature(const std::vector<double>& values, const std::vector<double>& weights, double strength) {
    const auto f = static_cast<Index>(units_.size());
    const auto mean = has_intercept_ ? mean_of(values, weights) : weighted_mean{};
    const auto size = std::sqrt(variance_of(values, weights, mean));
    const auto unit = size > 0 ? size : 1;
    for (std::size_t r = 0; r < values.size(); ++r)
      x_(static_cast<Index>(r), f) = mean.deviation(values[r]) / unit;
    penalty_(f) = 1 / (strength * unit * unit);
    means_.push_back(mean);
    units_.push_back(unit);
  }

  double truth(Index row) const { return target_[static_cast<std::size_t>(row)]; }

  double loss_of(const MatrixXd& scores, Index r) const {
    if (outputs_ == 1) {
      const auto s = scores(r, 0);
      return std::log1p(std::exp(-std::abs(s))) + std::max(s, 0.0) - truth(r) * s;
    }
    const auto most = scores.row(r).maxCoeff();
    return most + std::log((scores.row(r).array() - most).exp().sum()) - scores(r, static_cast<Index>(truth(r)));
  }

  void to_shares(Index r) {
    if (outputs_ == 1) {
      shares_(r, 0) = 1 / (1 + std::exp(-shares_(r, 0)));
      return;
    }
    shares_.row(r) = (shares_.row(r).array() - shares_.row(r).maxCoeff()).exp();
    shares_.row(r) /= shares_.row(r).sum();
  }

  const std::vector<double>& target_;
  bool has_intercept_;
  Index outputs_ = 1;
  VectorXd weights_; ///< their sum is 1
  MatrixXd x_;       ///< with a column of ones behind the features where there is an intercept
  VectorXd penalty_; ///< by row of the coefficients
  std::vector<weighted_mean> means_;
  std::vector<double> units_;
  MatrixXd shares_; ///< what each row gives each output, at the place that it moved to
};

/// Coefficients up to which the curvature is held.
constexpr Index largest_direct = 1000;

double dot(const MatrixXd& a, const MatrixXd& b) {
  return a.cwiseProduct(b).sum();
}

/// Newton's step, by a decomposition of the curvature.
MatrixXd direct_step(const logistic_loss& loss, const MatrixXd& gradient) {
  auto curvature = loss.curvature();
  // of several classes the sum of the intercepts is open: this holds it at 0, where it began
  if (gradient.cols() > 1) {
    const auto size = gradient.rows();
    for (Index k = 0; k < gradient.cols(); ++k)
      for (Index other = 0; other <= k; ++other)
        curvature((k + 1) * size - 1, (other + 1) * size - 1) += 1;
  }
  const Eigen::LDLT<MatrixXd> factors{curvature};
  const VectorXd step = factors.solve(-gradient.reshaped());
  return step.reshaped(gradient.rows(), gradient.cols());
}

/// Newton's step, by conjugate gradients: where the curvature would be too large to hold.
MatrixXd iterative_step(const logistic_loss& loss, const MatrixXd& gradient) {
  const auto diagonal = loss.diagonal();
  MatrixXd step = MatrixXd::Zero(gradient.rows(), gradient.cols());
  MatrixXd left = -gradient;
  MatrixXd scaled = left.cwiseQuotient(diagonal);
  MatrixXd along = scaled;
  auto size = dot(left, scaled);
  // ever more exact, so that the steps keep to Newton's speed
  const auto enough = size * std::min(1e-4, size);
  const auto most = 10 * gradient.size() + 100;
  for (Index i = 0; i < most && size > enough; ++i) {
    const auto bent = loss.curvature_times(along);
    const auto curvature = dot(along, bent);
    if (!(curvature > 0))
      break;
    const auto length = size / curvature;
    step += length * along;
    left -= length * bent;
    scaled = left.cwiseQuotient(diagonal);
    const auto before = std::exchange(size, dot(left, scaled));
    along = scaled + (size / before) * along;
  }
  return step;
}

/// Goes along the step as far as the loss falls well. False: it does not fall.
bool walk(const logistic_loss& loss, const MatrixXd& step, double slope, double value, MatrixXd& at) {
  constexpr double least_fall = 1e-4;
  for (double share = 1; share > 1e-10; share /= 2) {
    MatrixXd next = at + share * step;
    if (loss.value(next) <= value + least_fall * share * slope) {
      at = std::move(next);
      return true;
    }
  }
  return false;
}

core::result<MatrixXd> find_least(logistic_loss& loss, std::size_t max_iter) {
  // a fall by a smaller share of the loss is lost in its rounding
  constexpr double settled = 1e-14;
  auto at = loss.nothing();
  for (std::size_t i = 0; i < max_iter; ++i) {
    const auto gradient = loss.move_to(at);
    const auto step = gradient.size() <= largest_direct ? direct_step(loss, gradient) : iterative_step(loss, gradient);
    const auto slope = dot(gradient, step);
    const auto value = loss.value(at);
    // Newton's method doubles the digits: after this step they are all there
    if (-slope <= settled * value)
      return MatrixXd{at + step};
    if (!walk(loss, step, slope, value, at))
      break;
  }
  return fail("the coefficients have not settled after " + std::to_string(max_iter) + " steps", {},
              "raise max_iter, or lower C");
}

} // namespace

core::result<std::vector<linear_fit>> fit_logistic_regression(const training_data& data,
                                                              const logistic_regression_options& options) {
  if (auto good = check_classes(data); !good)
    return tl::unexpected{good.error()};
  if (!(options.C > 0) || std::isinf(options.C))
    return fail("C must be above 0");
  if (options.max_iter == 0)
    return fail("max_iter must be at least 1");
  auto weights = weights_by_class(data, options.class_weight);
  if (!weights)
    return tl::unexpected{weights.error()};
  if (weights->empty())
    *weights = row_weights(data);
  logistic_loss loss{data, options, *weights};
  return find_least(loss, options.max_iter).map([&](const MatrixXd& found) { return loss.fits(found); });
}

} // namespace weir::models
