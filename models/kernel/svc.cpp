#include "models/kernel/svc.hpp"

#include "models/kernel/class_bounds.hpp"
#include "models/kernel/support.hpp"
#include "models/linear/checks.hpp"
#include "models/online/sums.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir::models {

namespace {

/// Rows of one class after the other.
struct class_rows {
  dense_rows rows;
  std::vector<std::size_t> begins; ///< of each class, and where the last one ends
};

class_rows by_class(const dense_rows& all, const training_data& data) {
  const auto classes = size_of(*data.labels);
  class_rows made{{all.count, all.features, {}}, {0}};
  made.rows.values.reserve(all.values.size());
  for (std::size_t k = 0; k < classes; ++k) {
    for (std::size_t r = 0; r < all.count; ++r)
      if (static_cast<std::size_t>(data.target[r]) == k)
        made.rows.values.insert(made.rows.values.end(), all.row(r), all.row(r) + all.features);
    made.begins.push_back(made.rows.values.size() / all.features);
  }
  return made;
}

/// Of two classes, the first one's rows first. What decides is found among these alone.
class two_classes {
public:
  two_classes(const class_rows& of, std::size_t first, std::size_t second) :
      of_{of}, first_{first}, second_{second}, middle_{size(first)} {
    rows_ = {size(first) + size(second), of.rows.features, {}};
    for (const auto k : {first, second}) {
      const auto* begin = of.rows.row(of.begins[k]);
      rows_.values.insert(rows_.values.end(), begin, begin + size(k) * rows_.features);
    }
  }

  core::result<dual_solution> solve_with(const kernel_function& kernel, const std::vector<double>& bounds,
                                         const svc_options& options) const {
    dual_problem problem{.rows = rows_, .kernel = kernel, .row_of = {}, .signs = {}, .linear = {}};
    problem.row_of.resize(rows_.count);
    std::iota(problem.row_of.begin(), problem.row_of.end(), std::size_t{0});
    for (std::size_t r = 0; r < rows_.count; ++r)
      problem.signs.push_back(sign(r));
    problem.linear.assign(rows_.count, -1);
    problem.bound_of_positive = bounds[first_];
    problem.bound_of_negative = bounds[second_];
    problem.tol = options.tol;
    problem.max_iter = options.max_iter;
    return solve(problem);
  }

  /// Coefficients to the places that their rows have among all. @returns what they and `at` make with the linear kernel
  double put(const std::vector<double>& alphas, const std::vector<double>& at,
             std::vector<std::vector<double>>& coefficients) const {
    double product = 0;
    for (std::size_t r = 0; r < rows_.count; ++r) {
      const auto coefficient = sign(r) * alphas[r];
      if (r < middle_)
        coefficients[second_ - 1][of_.begins[first_] + r] = coefficient;
      else
        coefficients[first_][of_.begins[second_] + r - middle_] = coefficient;
      product += coefficient * online::dot(rows_.row(r), at.data(), at.size());
    }
    return product;
  }

private:
  std::size_t size(std::size_t k) const { return of_.begins[k + 1] - of_.begins[k]; }
  double sign(std::size_t r) const { return r < middle_ ? 1 : -1; }

  const class_rows& of_;
  std::size_t first_;
  std::size_t second_;
  std::size_t middle_;
  dense_rows rows_;
};

/// The rows that count for some pair.
pairwise_fit keep_support(const class_rows& all, const kernel_function& kernel,
                          const std::vector<std::vector<double>>& coefficients, std::vector<double> intercepts) {
  pairwise_fit made{kernel, all.rows.features, {}, {}, {}, std::move(intercepts)};
  made.coefficients.resize(coefficients.size());
  for (std::size_t k = 0; k + 1 < all.begins.size(); ++k) {
    std::size_t kept = 0;
    for (auto r = all.begins[k]; r < all.begins[k + 1]; ++r) {
      if (std::ranges::all_of(coefficients, [&](const auto& of) { return of[r] == 0; }))
        continue;
      ++kept;
      made.vectors.insert(made.vectors.end(), all.rows.row(r), all.rows.row(r) + made.features);
      for (std::size_t j = 0; j < coefficients.size(); ++j)
        made.coefficients[j].push_back(coefficients[j][r]);
    }
    made.per_class.push_back(kept);
  }
  return made;
}

} // namespace

std::vector<double> pairwise_fit::decide(const double* row) const {
  std::vector<double> alike, made;
  for (std::size_t v = 0; v * features < vectors.size(); ++v)
    alike.push_back(kernel(vectors.data() + v * features, row, features));
  std::vector<std::size_t> begins{0};
  for (const auto count : per_class)
    begins.push_back(begins.back() + count);
  for (std::size_t i = 0; i < classes(); ++i)
    for (std::size_t j = i + 1; j < classes(); ++j) {
      auto sum = intercepts[made.size()];
      for (auto v = begins[i]; v < begins[i + 1]; ++v)
        sum += coefficients[j - 1][v] * alike[v];
      for (auto v = begins[j]; v < begins[j + 1]; ++v)
        sum += coefficients[i][v] * alike[v];
      made.push_back(sum);
    }
  return made;
}

core::result<pairwise_fit> fit_svc(const training_data& data, const svc_options& options) {
  if (auto good = check_classes(data).and_then([&] { return check_support_rows(data); }).and_then([&] {
        return check_positive("tol", options.tol);
      });
      !good)
    return tl::unexpected{good.error()};
  const auto bounds = bounds_of_classes(data, options.C, options.class_weight);
  const auto rows = rows_of(data);
  const auto kernel = choose_kernel(options.kernel, options.gamma, rows);
  if (!bounds || !kernel)
    return tl::unexpected{bounds ? kernel.error() : bounds.error()};
  const auto all = by_class(rows, data);
  // coefficients of a pair sum up to 0: the means change nothing but how many digits are left
  auto centred = all;
  const auto centres = kernel->is_rbf ? std::vector<double>{} : centre(centred.rows);
  const auto classes = bounds->size();
  std::vector<std::vector<double>> coefficients(classes - 1, std::vector<double>(rows.count));
  std::vector<double> intercepts;
  for (std::size_t i = 0; i < classes; ++i)
    for (std::size_t j = i + 1; j < classes; ++j) {
      const two_classes pair{centred, i, j};
      const auto found = pair.solve_with(*kernel, *bounds, options);
      if (!found)
        return tl::unexpected{found.error()};
      intercepts.push_back(-found->rho - pair.put(found->alphas, centres, coefficients));
    }
  return keep_support(all, *kernel, coefficients, std::move(intercepts));
}

} // namespace weir::models
