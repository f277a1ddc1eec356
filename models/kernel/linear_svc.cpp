#include "models/kernel/linear_svc.hpp"

#include "models/kernel/class_bounds.hpp"
#include "models/kernel/support.hpp"
#include "models/linear/checks.hpp"
#include "models/online/sums.hpp"

#include <algorithm>
#include <string>

#include <dlib/matrix.h>
#include <dlib/svm/svm_c_linear_dcd_trainer.h>

namespace weir::models {

namespace {

using core::fail;
/// Of double dlib's products would want a BLAS.
using number = long double;
using sample = dlib::matrix<number, 0, 1>;
using trainer = dlib::svm_c_linear_dcd_trainer<dlib::linear_kernel<sample>>;

std::vector<sample> samples_of(const dense_rows& rows) {
  std::vector<sample> made;
  for (std::size_t r = 0; r < rows.count; ++r) {
    auto& one = made.emplace_back(static_cast<long>(rows.features));
    std::copy_n(rows.row(r), rows.features, one.begin());
  }
  return made;
}

double value(const linear_fit& fit, const double* row) {
  return fit.intercept + online::dot(fit.coefficients.data(), row, fit.coefficients.size());
}

std::size_t passes_over(const dense_rows& rows, std::size_t asked) {
  constexpr std::size_t usual_products = 500'000'000, fewest = 1000;
  return asked != 0 ? asked : std::max(fewest, usual_products / (rows.count * (rows.features + 1)));
}

/// The objective, and how far above its least it can be: by the alphas, whose own objective is never above that.
struct objective {
  double value = 0;
  double gap = 0;
};

objective objective_of(const linear_fit& fit, const dense_rows& rows, const std::vector<double>& signs,
                       const std::vector<number>& alphas, double positive, double negative) {
  auto square = fit.intercept * fit.intercept;
  for (const auto c : fit.coefficients)
    square += c * c;
  objective made{square / 2, square};
  for (std::size_t r = 0; r < rows.count; ++r) {
    const auto loss = (signs[r] > 0 ? positive : negative) * std::max(0.0, 1 - signs[r] * value(fit, rows.row(r)));
    made.value += loss;
    made.gap += loss - static_cast<double>(alphas[r]);
  }
  return made;
}

/// @param positive bound of the rows whose sign is 1
core::result<linear_fit> fit_one(const dense_rows& rows, const std::vector<sample>& samples,
                                 const std::vector<double>& signs, double positive, double negative,
                                 const linear_svc_options& options) {
  constexpr double enough = 1e-3;
  trainer how;
  how.set_c_class1(positive);
  how.set_c_class2(negative);
  how.set_epsilon(options.tol);
  const auto passes = passes_over(rows, options.max_iter);
  how.set_max_iterations(passes);
  trainer::optimizer_state state;
  const auto found = how.train(samples, signs, state);
  linear_fit made{{}, static_cast<double>(-found.b)};
  for (const auto weight : found.basis_vectors(0))
    made.coefficients.push_back(static_cast<double>(weight));
  const auto at = objective_of(made, rows, signs, state.get_alpha(), positive, negative);
  if (!(at.gap <= enough * at.value))
    return fail("the coefficients have not settled after " + std::to_string(passes) + " passes", {},
                "bring the features to one scale around 0, lower C, or raise max_iter");
  return made;
}

core::result<void> check_options(const training_data& data, const linear_svc_options& options) {
  if (!data.weights.empty())
    return fail("a support vector machine takes no weights of rows", {}, "leave them out");
  return check_positive("tol", options.tol);
}

} // namespace

core::result<std::vector<linear_fit>> fit_linear_svc(const training_data& data, const linear_svc_options& options) {
  if (auto good = check_classes(data).and_then([&] { return check_options(data, options); }); !good)
    return tl::unexpected{good.error()};
  const auto bounds = bounds_of_classes(data, options.C, options.class_weight);
  if (!bounds)
    return tl::unexpected{bounds.error()};
  const auto rows = rows_of(data);
  const auto samples = samples_of(rows);
  const auto classes = bounds->size();
  std::vector<linear_fit> made;
  for (std::size_t k = classes == 2 ? 1 : 0; k < classes; ++k) {
    std::vector<double> signs;
    for (const auto y : data.target)
      signs.push_back(static_cast<std::size_t>(y) == k ? 1 : -1);
    // against the rest: what scikit-learn weighs is the class that is told from it
    const auto rest = classes == 2 ? bounds->front() : options.C;
    auto one = fit_one(rows, samples, signs, (*bounds)[k], rest, options);
    if (!one)
      return tl::unexpected{one.error()};
    made.push_back(*std::move(one));
  }
  return made;
}

} // namespace weir::models
