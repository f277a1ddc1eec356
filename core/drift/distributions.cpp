#include "core/drift/distributions.hpp"

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace weir::core {

namespace {

namespace policies = boost::math::policies;
using quiet =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::underflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>>;

double probability(double p) {
  return p >= 0 && p <= 1 ? p : p > 1 || std::isnan(p) ? 1 : 0;
}

bool is_positive(double x) {
  return x > 0 && std::isfinite(x);
}

} // namespace

double chi_square_tail(double x, double degrees_of_freedom) {
  if (!is_positive(degrees_of_freedom) || !(x > 0))
    return 1;
  return std::isinf(x) ? 0 : probability(boost::math::gamma_q(degrees_of_freedom / 2, x / 2, quiet{}));
}

double chi_square_critical(double tail, double degrees_of_freedom) {
  if (!is_positive(degrees_of_freedom) || !(tail > 0) || tail >= 1)
    return 0;
  return 2 * boost::math::gamma_q_inv(degrees_of_freedom / 2, tail, quiet{});
}

double student_two_sided(double t, double degrees_of_freedom) {
  if (!is_positive(degrees_of_freedom) || std::isnan(t))
    return 1;
  if (std::isinf(t))
    return 0;
  const auto square = t * t;
  // Whichever argument is the smaller one keeps its digits.
  return probability(
      square < degrees_of_freedom
          ? boost::math::ibetac(0.5, degrees_of_freedom / 2, square / (degrees_of_freedom + square), quiet{})
          : boost::math::ibeta(degrees_of_freedom / 2, 0.5, degrees_of_freedom / (degrees_of_freedom + square),
                               quiet{}));
}

double normal_two_sided(double z) {
  return std::isnan(z) ? 1 : std::erfc(std::abs(z) / std::numbers::sqrt2);
}

double f_tail(double x, double of_numerator, double of_denominator) {
  if (!is_positive(of_numerator) || !is_positive(of_denominator) || !(x > 0))
    return 1;
  if (std::isinf(x))
    return 0;
  const auto over = of_numerator * x;
  return probability(over < of_denominator ? boost::math::ibetac(of_numerator / 2, of_denominator / 2,
                                                                 over / (of_denominator + over), quiet{})
                                           : boost::math::ibeta(of_denominator / 2, of_numerator / 2,
                                                                of_denominator / (of_denominator + over), quiet{}));
}

} // namespace weir::core
