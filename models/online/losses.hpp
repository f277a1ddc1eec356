#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace weir::models::online {

/// What a regressor's error costs. Gradients are river's, which is scikit-learn's but for squared_error: 2 (p - y).
enum class regression_loss : std::uint8_t { squared_error, absolute_error, huber, epsilon_insensitive, quantile };

/// What a classifier's error costs.
enum class classification_loss : std::uint8_t { log_loss, hinge, modified_huber };

struct regression_cost {
  regression_loss loss = regression_loss::squared_error;
  double epsilon = 0.1;  ///< from where huber is linear; up to where epsilon_insensitive is 0
  double quantile = 0.5; ///< that `quantile` looks for

  /// Of the loss by the prediction `p`, where `y` was true.
  double gradient(double y, double p) const noexcept {
    const auto residual = p - y;
    switch (loss) {
    case regression_loss::squared_error: return 2 * residual;
    case regression_loss::absolute_error: return residual > 0 ? 1 : -1;
    case regression_loss::huber: return std::clamp(residual, -epsilon, epsilon);
    case regression_loss::epsilon_insensitive: return residual > epsilon ? 1 : residual < -epsilon ? -1 : 0;
    case regression_loss::quantile: return (p > y ? 1 : 0) - quantile;
    }
    return 0;
  }
};

/// 1 / (1 + e^-x); 0 and 1 beyond 30, as in river.
inline double sigmoid(double x) noexcept {
  return x < -30 ? 0 : x > 30 ? 1 : 1 / (1 + std::exp(-x));
}

/// Of the loss by the margin `p`, where the class was the positive one or not.
inline double gradient(classification_loss loss, bool is_positive, double p) noexcept {
  const double y = is_positive ? 1 : -1;
  const auto margin = p * y;
  switch (loss) {
  case classification_loss::log_loss:
    return margin > 18 ? std::exp(-margin) * -y : margin < -18 ? -y : -y / (std::exp(margin) + 1);
  case classification_loss::hinge: return margin <= 1 ? -y : 0;
  case classification_loss::modified_huber: return margin >= 1 ? 0 : margin >= -1 ? 2 * (1 - margin) * -y : -4 * y;
  }
  return 0;
}

/// How probable the positive class is at the margin `p`: log_loss learns that, modified_huber as scikit-learn takes it.
/// Of hinge it is nothing but an order.
inline double probability(classification_loss loss, double p) noexcept {
  return loss == classification_loss::log_loss ? sigmoid(p) : (std::clamp(p, -1.0, 1.0) + 1) / 2;
}

} // namespace weir::models::online
