#include "models/graph/elementwise.hpp"
#include "models/graph/look_up.hpp"
#include "models/onnx/class_scores.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

enum class svm_kernel : std::uint8_t { linear, polynomial, rbf, sigmoid };

/// How alike two rows are.
struct likeness {
  svm_kernel how = svm_kernel::linear;
  double gamma = 0;
  double offset = 0;
  double degree = 0;
};

core::result<likeness> read_likeness(node& from) {
  const auto name = from.text("kernel_type", "LINEAR");
  auto numbers = from.numbers("kernel_params");
  numbers.resize(std::max<std::size_t>(numbers.size(), 3));
  likeness made{svm_kernel::linear, static_cast<double>(numbers[0]), static_cast<double>(numbers[1]),
                static_cast<double>(numbers[2])};
  if (name == "LINEAR")
    made.how = svm_kernel::linear;
  else if (name == "POLY")
    made.how = svm_kernel::polynomial;
  else if (name == "RBF")
    made.how = svm_kernel::rbf;
  else if (name == "SIGMOID")
    made.how = svm_kernel::sigmoid;
  else
    return fail("kernel_type '" + name + "' of " + from.op() + " is not supported");
  return made;
}

/// Support vectors, and sums over their likeness to a row: `rho + sum(coefficient * K(x, vector))`.
struct support {
  likeness by;
  std::size_t features = 0;
  std::vector<double> vectors; ///< one after the other
  struct sum {
    double rho = 0;
    std::vector<double> coefficients; ///< of all vectors
  };
  std::vector<sum> sums;
};

/// Makes a column for each sum. Rows go in strips, so that the likenesses stay in the first cache.
class support_kernel final : public kernel {
public:
  support_kernel(registers from, registers to, support with) :
      kernel{std::move(from), std::move(to)}, with_{std::move(with)} {}

  void run(const frame& f) const override {
    for (std::size_t begin = 0; begin < f.rows(); begin += strip) {
      const auto rows = std::min(strip, f.rows() - begin);
      for (std::size_t s = 0; s < with_.sums.size(); ++s)
        std::fill_n(f.at<double>(writes[s]) + begin, rows, with_.sums[s].rho);
      const auto count = with_.vectors.size() / with_.features;
      for (std::size_t v = 0; v < count; ++v) {
        std::array<double, strip> alike;
        compare(f, begin, rows, with_.vectors.data() + v * with_.features, alike.data());
        for (std::size_t s = 0; s < with_.sums.size(); ++s)
          if (const auto c = with_.sums[s].coefficients[v]; c != 0)
            for (std::size_t r = 0; r < rows; ++r)
              f.at<double>(writes[s])[begin + r] += c * alike[r];
      }
    }
  }

private:
  static constexpr std::size_t strip = 64;

  void compare(const frame& f, std::size_t begin, std::size_t rows, const double* vector, double* alike) const {
    std::fill_n(alike, rows, 0.0);
    const auto is_distance = with_.by.how == svm_kernel::rbf;
    for (std::size_t i = 0; i < with_.features; ++i) {
      const auto* x = f.at<const double>(reads[i]) + begin;
      if (is_distance)
        for (std::size_t r = 0; r < rows; ++r)
          alike[r] += (x[r] - vector[i]) * (x[r] - vector[i]);
      else
        for (std::size_t r = 0; r < rows; ++r)
          alike[r] += x[r] * vector[i];
    }
    const auto& [how, gamma, offset, degree] = with_.by;
    for (std::size_t r = 0; r < rows && how != svm_kernel::linear; ++r)
      switch (how) {
      case svm_kernel::rbf: alike[r] = std::exp(-gamma * alike[r]); break;
      case svm_kernel::sigmoid: alike[r] = std::tanh(gamma * alike[r] + offset); break;
      default: alike[r] = std::pow(gamma * alike[r] + offset, degree);
      }
  }

  support with_;
};

core::result<registers> features_of(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  if (in.is_constant() || in.type == element::text || find_rows(in.shape) != 0 || in.columns.empty())
    return fail("operator '" + from.op() + "' of " + text_of(in.shape) + " is not supported");
  return converted(from.program(), in, element::f64).columns;
}

std::vector<double> as_doubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

tensors regressor(node& from) {
  auto x = features_of(from);
  const auto transform = read_post_transform(from);
  const auto by = read_likeness(from);
  const auto is_one_class = from.integer("one_class", 0) != 0;
  auto coefficients = as_doubles(from.numbers("coefficients"));
  auto vectors = as_doubles(from.numbers("support_vectors"));
  const auto count = from.integer("n_supports", 0);
  const auto rho = from.numbers("rho");
  if (!x || !transform || !by)
    return tl::unexpected{!x ? x.error() : !transform ? transform.error() : by.error()};
  support with{*by, x->size(), std::move(vectors), {}};
  if (count == 0) { // the coefficients are those of the features
    with.vectors = std::move(coefficients);
    coefficients.assign(1, 1.0);
    with.by.how = svm_kernel::linear;
  }
  if (rho.size() != 1 || coefficients.empty() || with.vectors.size() != coefficients.size() * x->size())
    return fail("an SVMRegressor has " + std::to_string(coefficients.size()) + " coefficients, "
                + std::to_string(with.vectors.size()) + " numbers of support vectors and " + std::to_string(rho.size())
                + " rho for " + std::to_string(x->size()) + " features");
  with.sums.push_back({static_cast<double>(rho.front()), std::move(coefficients)});
  auto& program = from.program();
  auto scores = program.make(element::f64, 1);
  program.add<support_kernel>(*std::move(x), scores, std::move(with));
  if (is_one_class)
    scores = map_columns<double, double>(program, scores, [](double s) { return s > 0 ? 1.0 : -1.0; });
  return std::vector{regression(program, transformed(program, scores, *transform))};
}

/// Decides between each two classes: votes for one of them by the sign of their sum.
class vote_kernel final : public kernel {
public:
  using kernel::kernel;

  void run(const frame& f) const override {
    const auto classes = writes.size();
    for (std::size_t c = 0; c < classes; ++c)
      std::fill_n(f.at<double>(writes[c]), f.rows(), 0.0);
    for (std::size_t i = 0, pair = 0; i < classes; ++i)
      for (std::size_t j = i + 1; j < classes; ++j, ++pair) {
        const auto* sum = f.at<const double>(reads[pair]);
        for (std::size_t r = 0; r < f.rows(); ++r)
          f.at<double>(writes[sum[r] > 0 ? i : j])[r] += 1;
      }
  }
};

/// Probabilities of the classes from those of each pair (Wu, Lin and Weng 2004, the second method, as in LIBSVM).
class coupling_kernel final : public kernel {
public:
  coupling_kernel(registers from, registers to, std::vector<double> a, std::vector<double> b) :
      kernel{std::move(from), std::move(to)}, a_{std::move(a)}, b_{std::move(b)} {}

  void run(const frame& f) const override {
    const auto k = writes.size();
    std::vector<double> r(k * k), q(k * k), p(k), qp(k);
    for (std::size_t row = 0; row < f.rows(); ++row) {
      for (std::size_t i = 0, pair = 0; i < k; ++i)
        for (std::size_t j = i + 1; j < k; ++j, ++pair) {
          const auto sum = f.at<const double>(reads[pair])[row];
          r[i * k + j] = std::clamp(sigmoid(sum * a_[pair] + b_[pair]), 1e-7, 1 - 1e-7);
          r[j * k + i] = 1 - r[i * k + j];
        }
      couple(r, q, p, qp);
      for (std::size_t i = 0; i < k; ++i)
        f.at<double>(writes[i])[row] = p[i];
    }
  }

private:
  static double sigmoid(double x) { return x >= 0 ? std::exp(-x) / (1 + std::exp(-x)) : 1 / (1 + std::exp(x)); }

  static void couple(const std::vector<double>& r, std::vector<double>& q, std::vector<double>& p,
                     std::vector<double>& qp) {
    const auto k = p.size();
    for (std::size_t t = 0; t < k; ++t) {
      p[t] = 1 / static_cast<double>(k);
      q[t * k + t] = 0;
      for (std::size_t j = 0; j < k; ++j)
        if (j != t) {
          q[t * k + t] += r[j * k + t] * r[j * k + t];
          q[t * k + j] = -r[j * k + t] * r[t * k + j];
        }
    }
    const auto enough = 0.005 / static_cast<double>(k);
    for (std::size_t step = 0; step < std::max<std::size_t>(100, k); ++step) {
      double all = 0;
      for (std::size_t t = 0; t < k; ++t) {
        qp[t] = 0;
        for (std::size_t j = 0; j < k; ++j)
          qp[t] += q[t * k + j] * p[j];
        all += p[t] * qp[t];
      }
      double worst = 0;
      for (std::size_t t = 0; t < k; ++t)
        worst = std::max(worst, std::abs(qp[t] - all));
      if (worst < enough)
        break;
      for (std::size_t t = 0; t < k; ++t) {
        const auto change = (all - qp[t]) / q[t * k + t];
        p[t] += change;
        all = (all + change * (change * q[t * k + t] + 2 * qp[t])) / (1 + change) / (1 + change);
        for (std::size_t j = 0; j < k; ++j) {
          qp[j] = (qp[j] + change * q[t * k + j]) / (1 + change);
          p[j] /= 1 + change;
        }
      }
    }
  }

  std::vector<double> a_;
  std::vector<double> b_;
};

/// The sums of all pairs of classes. @param per_class how many support vectors each class has
core::result<support> read_pairs(node& from, const likeness& by, std::size_t features,
                                 const std::vector<std::int64_t>& per_class) {
  const auto coefficients = from.numbers("coefficients");
  const auto rho = from.numbers("rho");
  support with{by, features, as_doubles(from.numbers("support_vectors")), {}};
  const auto count = with.vectors.size() / features;
  const auto classes = per_class.size();
  std::vector<std::size_t> begins{0};
  for (const auto n : per_class)
    if (n < 0 || static_cast<std::size_t>(n) > count)
      return fail("an SVMClassifier has " + std::to_string(n) + " support vectors of a class");
    else
      begins.push_back(begins.back() + static_cast<std::size_t>(n));
  if (count * features != with.vectors.size() || begins.back() != count || coefficients.size() != (classes - 1) * count
      || rho.size() != classes * (classes - 1) / 2)
    return fail("the lists of an SVMClassifier have lengths that do not fit");
  for (std::size_t i = 0; i < classes; ++i)
    for (std::size_t j = i + 1; j < classes; ++j) {
      support::sum one{static_cast<double>(rho[with.sums.size()]), std::vector<double>(count)};
      for (auto v = begins[i]; v < begins[i + 1]; ++v)
        one.coefficients[v] = static_cast<double>(coefficients[(j - 1) * count + v]);
      for (auto v = begins[j]; v < begins[j + 1]; ++v)
        one.coefficients[v] = static_cast<double>(coefficients[i * count + v]);
      with.sums.push_back(std::move(one));
    }
  return with;
}

/// A linear one: a sum for each class.
core::result<support> read_linear(node& from, std::size_t features, std::size_t classes) {
  const auto coefficients = as_doubles(from.numbers("coefficients"));
  const auto rho = from.numbers("rho");
  if (coefficients.size() != classes * features || rho.empty())
    return fail("a linear SVMClassifier has " + std::to_string(coefficients.size()) + " coefficients for "
                + std::to_string(classes) + " classes and " + std::to_string(features) + " features");
  support with{{}, features, coefficients, {}};
  for (std::size_t c = 0; c < classes; ++c) {
    support::sum one{static_cast<double>(rho.front()), std::vector<double>(classes)};
    one.coefficients[c] = 1;
    with.sums.push_back(std::move(one));
  }
  return with;
}

tensors classifier(node& from) {
  auto x = features_of(from);
  const auto transform = read_post_transform(from);
  const auto by = read_likeness(from);
  auto labels = read_labels(from, "classlabels_ints", "classlabels_strings");
  const auto per_class = from.integers("vectors_per_class");
  auto a = as_doubles(from.numbers("prob_a"));
  auto b = as_doubles(from.numbers("prob_b"));
  if (!x || !transform || !by || !labels)
    return tl::unexpected{!x ? x.error() : !transform ? transform.error() : !by ? by.error() : labels.error()};
  const auto is_linear = per_class.empty();
  const auto classes = is_linear ? size_of(**labels) : per_class.size();
  if (classes < 2 || classes != size_of(**labels))
    return fail("an SVMClassifier has " + std::to_string(per_class.size()) + " classes and "
                + std::to_string(size_of(**labels)) + " labels");
  auto with = is_linear ? read_linear(from, x->size(), classes) : read_pairs(from, *by, x->size(), per_class);
  if (!with)
    return tl::unexpected{with.error()};
  auto& program = from.program();
  const auto sums = program.make(element::f64, with->sums.size());
  program.add<support_kernel>(*std::move(x), sums, *std::move(with));
  if (is_linear)
    return classification(program, *std::move(labels), largest_column<double>(program, sums),
                          transformed(program, sums, *transform));
  if (!a.empty()) {
    if (a.size() != sums.size() || b.size() != sums.size())
      return fail("an SVMClassifier has " + std::to_string(a.size()) + " prob_a and " + std::to_string(b.size())
                  + " prob_b for " + std::to_string(sums.size()) + " pairs of classes");
    const auto shares = program.make(element::f64, classes);
    program.add<coupling_kernel>(sums, shares, std::move(a), std::move(b));
    return classification(program, *std::move(labels), largest_column<double>(program, shares),
                          transformed(program, shares, *transform));
  }
  const auto votes = program.make(element::f64, classes);
  program.add<vote_kernel>(sums, votes);
  auto scores = transformed(program, sums, *transform);
  if (classes == 2) // one sum, which speaks for the first class
    scores = {scores.front(), map_columns<double, double>(program, scores, [](double s) { return -s; }).front()};
  auto made = classification(program, *labels, largest_column<double>(program, votes), std::move(scores));
  if (made[1].columns.size() != classes)
    made[1].labels = nullptr;
  return made;
}

constexpr std::array all{
    onnx_operator{"SVMClassifier", "ai.onnx.ml", "support vector classification", classifier},
    onnx_operator{"SVMRegressor", "ai.onnx.ml", "support vector regression, and what is unusual", regressor},
};

} // namespace

constexpr operator_family operators::svm{all};

} // namespace weir::models
