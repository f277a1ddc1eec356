#include "models/kernel/one_class_svm.hpp"

#include "models/kernel/support.hpp"

#include <numeric>

namespace weir::models {

namespace {

core::result<void> check_options(const one_class_svm_options& options) {
  if (!(options.nu > 0 && options.nu <= 1))
    return core::fail("nu must be above 0 and at most 1");
  return check_positive("tol", options.tol);
}

} // namespace

core::result<kernel_fit> fit_one_class_svm(const training_data& data, const one_class_svm_options& options) {
  if (auto good = check(data)
                      .and_then([&] { return check_nothing_is_missing(data); })
                      .and_then([&] { return check_support_rows(data); })
                      .and_then([&] { return check_options(options); });
      !good)
    return tl::unexpected{good.error()};
  const auto rows = rows_of(data);
  const auto kernel = choose_kernel(options.kernel, options.gamma, rows);
  if (!kernel)
    return tl::unexpected{kernel.error()};
  dual_problem problem{.rows = rows, .kernel = *kernel, .row_of = {}, .signs = {}, .linear = {}};
  problem.row_of.resize(rows.count);
  std::iota(problem.row_of.begin(), problem.row_of.end(), std::size_t{0});
  problem.signs.assign(rows.count, 1);
  problem.linear.assign(rows.count, 0);
  problem.sum = options.nu * static_cast<double>(rows.count);
  problem.tol = options.tol;
  problem.max_iter = options.max_iter;
  return solve(problem).map(
      [&](const dual_solution& found) { return keep_support(rows, *kernel, found.alphas, -found.rho); });
}

} // namespace weir::models
