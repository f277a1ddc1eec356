#include "models/kernel/svr.hpp"

#include "models/kernel/support.hpp"
#include "models/linear/checks.hpp"
#include "models/linear/weighted_mean.hpp"

#include <cmath>
#include <utility>

namespace weir::models {

namespace {

/// A variable for each row's error above, then one for each row's below.
dual_problem problem_of(const training_data& data, const dense_rows& rows, const kernel_function& kernel,
                        const weighted_mean& mean, const svr_options& options) {
  dual_problem made{.rows = rows, .kernel = kernel, .row_of = {}, .signs = {}, .linear = {}};
  for (const double sign : {1.0, -1.0})
    for (std::size_t r = 0; r < rows.count; ++r) {
      made.row_of.push_back(r);
      made.signs.push_back(sign);
      made.linear.push_back(options.epsilon - sign * mean.deviation(data.target[r]));
    }
  made.bound_of_positive = made.bound_of_negative = options.C;
  made.tol = options.tol;
  made.max_iter = options.max_iter;
  return made;
}

core::result<void> check_options(const svr_options& options) {
  if (!(options.epsilon >= 0) || std::isinf(options.epsilon))
    return core::fail("epsilon must not be negative");
  return check_positive("C", options.C).and_then([&] { return check_positive("tol", options.tol); });
}

} // namespace

core::result<kernel_fit> fit_svr(const training_data& data, const svr_options& options) {
  if (auto good = check_values(data).and_then([&] { return check_support_rows(data); }).and_then([&] {
        return check_options(options);
      });
      !good)
    return tl::unexpected{good.error()};
  auto rows = rows_of(data);
  const auto kernel = choose_kernel(options.kernel, options.gamma, rows);
  if (!kernel)
    return tl::unexpected{kernel.error()};
  // coefficients sum up to 0: the means change nothing but how many digits are left
  const auto centres = kernel->is_rbf ? std::vector<double>{} : centre(rows);
  const auto mean = mean_of(data.target, row_weights(data));
  return solve(problem_of(data, rows, *kernel, mean, options)).map([&](const dual_solution& found) {
    std::vector<double> coefficients(rows.count);
    for (std::size_t r = 0; r < rows.count; ++r)
      coefficients[r] = found.alphas[r] - found.alphas[rows.count + r];
    const auto intercept = mean.value() - found.rho;
    return kernel->is_rbf ? keep_support(rows, *kernel, coefficients, intercept)
                          : fold_linear(rows, centres, coefficients, intercept);
  });
}

} // namespace weir::models
