#include "models/kernel/dual_solver.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <string>
#include <string_view>

#include <dlib/matrix.h>
#include <dlib/optimization/optimization_solve_qp3_using_smo.h>

namespace weir::models {

namespace {

using core::fail;

/// Of columns of the kernel; where they do not all fit, they are computed again.
constexpr long cache_megabytes = 512;

/// Thrown through the solver, which has no bound of its own.
struct too_many_steps {};

/// Counts the columns that the solver asks for: three a step.
class step_watch {
public:
  step_watch(std::size_t first_columns, std::size_t max_iter) : left_{first_columns + 3 * max_iter + 1} {}

  void note_column() {
    if (--left_ == 0)
      throw too_many_steps{};
  }

private:
  std::size_t left_;
};

// Expressions of dlib's matrices: what each of them must have, and what an element is.
template <long Columns>
struct expression {
  using type = double;
  using const_ret_type = double;
  using mem_manager_type = dlib::default_memory_manager;
  using layout_type = dlib::row_major_layout;
  static constexpr long cost = 100;
  static constexpr long NR = 0;
  static constexpr long NC = Columns;

  template <class Other>
  bool aliases(const Other&) const {
    return false;
  }
  template <class Other>
  bool destructively_aliases(const Other&) const {
    return false;
  }
};

/// The kernel of each two rows.
struct kernel_of_rows : expression<0> {
  explicit kernel_of_rows(const dual_problem& p) : of{&p} {}

  double apply(long r, long c) const {
    const auto& rows = of->rows;
    return of->kernel(rows.row(static_cast<std::size_t>(r)), rows.row(static_cast<std::size_t>(c)), rows.features);
  }
  long nr() const { return static_cast<long>(of->rows.count); }
  long nc() const { return nr(); }

  const dual_problem* of;
};

using kernel_matrix = dlib::matrix_op<kernel_of_rows>;
using kernel_cache = dlib::matrix_op<dlib::op_symm_cache<kernel_matrix, double>>;

/// A column of Q.
struct dual_column : expression<1> {
  dual_column(const dual_problem& p, const kernel_cache& cache, long column) :
      of{&p}, sign{p.signs[static_cast<std::size_t>(column)]},
      kernels{dlib::colm(cache, static_cast<long>(p.row_of[static_cast<std::size_t>(column)]))} {}

  double apply(long r, long) const {
    const auto at = static_cast<std::size_t>(r);
    return sign * of->signs[at] * kernels(static_cast<long>(of->row_of[at]));
  }
  long nr() const { return static_cast<long>(of->signs.size()); }
  long nc() const { return 1; }

  const dual_problem* of;
  double sign;
  dlib::colm_exp<kernel_cache>::type kernels;
};

/// The diagonal of Q: signs are squared there.
struct dual_diagonal : expression<1> {
  dual_diagonal(const dual_problem& p, const kernel_cache& cache) : of{&p}, kernels{dlib::diag(cache)} {}

  double apply(long r, long) const { return kernels(static_cast<long>(of->row_of[static_cast<std::size_t>(r)])); }
  long nr() const { return static_cast<long>(of->signs.size()); }
  long nc() const { return 1; }

  const dual_problem* of;
  dlib::diag_exp<kernel_cache>::type kernels;
};

struct dual_matrix : expression<0> {
  dual_matrix(const dual_problem& p, const kernel_cache& c, step_watch& w) : of{&p}, cache{&c}, watch{&w} {}

  double apply(long r, long c) const {
    const auto i = static_cast<std::size_t>(r), j = static_cast<std::size_t>(c);
    return of->signs[i] * of->signs[j] * (*cache)(static_cast<long>(of->row_of[i]), static_cast<long>(of->row_of[j]));
  }
  long nr() const { return static_cast<long>(of->signs.size()); }
  long nc() const { return nr(); }

  const dual_problem* of;
  const kernel_cache* cache;
  step_watch* watch;
};

using q_matrix = dlib::matrix_op<dual_matrix>;

} // namespace

} // namespace weir::models

// The solver asks for columns and the diagonal by these, which dlib has for its own cache too.
namespace dlib {

template <>
struct colm_exp<weir::models::q_matrix> {
  using type = matrix_op<weir::models::dual_column>;
};

template <>
struct diag_exp<weir::models::q_matrix> {
  using type = matrix_op<weir::models::dual_diagonal>;
};

inline matrix_op<weir::models::dual_column> colm(const matrix_exp<weir::models::q_matrix>& q, long column) {
  const auto& op = q.ref().op;
  op.watch->note_column();
  return matrix_op<weir::models::dual_column>{weir::models::dual_column{*op.of, *op.cache, column}};
}

inline matrix_op<weir::models::dual_diagonal> diag(const matrix_exp<weir::models::q_matrix>& q) {
  const auto& op = q.ref().op;
  return matrix_op<weir::models::dual_diagonal>{weir::models::dual_diagonal{*op.of, *op.cache}};
}

} // namespace dlib

namespace weir::models {

namespace {

using column_vector = dlib::matrix<double, 0, 1>;

column_vector as_column(const std::vector<double>& values) {
  column_vector made(static_cast<long>(values.size()));
  std::copy(values.begin(), values.end(), made.begin());
  return made;
}

/// The mean gradient of the variables that are free; where none is, amid those at their bounds (as LIBSVM does).
double rho_of(const dual_problem& of, const column_vector& alphas, const column_vector& gradient) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  double sum = 0, most = infinity, least = -infinity;
  std::size_t free = 0;
  for (std::size_t i = 0; i < of.signs.size(); ++i) {
    const auto a = alphas(static_cast<long>(i));
    const auto g = of.signs[i] * gradient(static_cast<long>(i));
    const auto is_positive = of.signs[i] > 0;
    if (a > 0 && a < (is_positive ? of.bound_of_positive : of.bound_of_negative)) {
      sum += g;
      ++free;
    } else if ((a > 0) == is_positive) {
      least = std::max(least, g);
    } else {
      most = std::min(most, g);
    }
  }
  if (free > 0)
    return sum / static_cast<double>(free);
  if (std::isinf(most) || std::isinf(least))
    return std::isinf(most) ? least : most;
  return (least + most) / 2;
}

} // namespace

core::result<dual_solution> solve(const dual_problem& problem) {
  const kernel_matrix kernels{kernel_of_rows{problem}};
  const auto cache = dlib::symmetric_matrix_cache<double>(kernels, cache_megabytes);
  step_watch watch{problem.signs.size(), problem.max_iter};
  dlib::solve_qp3_using_smo<column_vector> solver;
  column_vector alphas;
  try {
    solver(q_matrix{dual_matrix{problem, cache, watch}}, as_column(problem.linear), as_column(problem.signs),
           problem.sum, problem.bound_of_positive, problem.bound_of_negative, alphas, problem.tol);
  } catch (const too_many_steps&) {
    return fail("the support vectors have not settled after " + std::to_string(problem.max_iter) + " steps", {},
                "bring the features to one scale, lower C, or raise tol or max_iter");
  } catch (const dlib::error& why) {
    return fail(std::string{"the support vectors cannot be found: "} + why.what());
  }
  return dual_solution{{alphas.begin(), alphas.end()}, rho_of(problem, alphas, solver.get_gradient())};
}

} // namespace weir::models
