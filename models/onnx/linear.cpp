#include "models/graph/affine.hpp"
#include "models/graph/elementwise.hpp"
#include "models/graph/look_up.hpp"
#include "models/onnx/class_scores.hpp"
#include "models/onnx/operator.hpp"

#include <array>
#include <string>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// `coefficients x + intercepts`, summed up in double.
core::result<registers> linear_scores(node& from, std::size_t results) {
  const auto coefficients = from.numbers("coefficients");
  const auto intercepts = from.numbers("intercepts");
  const auto& in = from.input(0);
  if (in.is_constant() || in.type == element::text || find_rows(in.shape) != 0)
    return fail("operator '" + from.op() + "' of " + text_of(in.shape) + " is not supported");
  const auto x = converted(from.program(), in, element::f64).columns;
  if (x.empty() || results == 0 || results > coefficients.size() || coefficients.size() != results * x.size())
    return fail("operator '" + from.op() + "' has " + std::to_string(coefficients.size()) + " coefficients for "
                + std::to_string(x.size()) + " features and " + std::to_string(results) + " results");
  if (!intercepts.empty() && intercepts.size() != results)
    return fail("operator '" + from.op() + "' has " + std::to_string(intercepts.size()) + " intercepts for "
                + std::to_string(results) + " results");
  return affine_columns<double>(from.program(), x, {coefficients.begin(), coefficients.end()},
                                {intercepts.begin(), intercepts.end()});
}

tensors regressor(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto transform = read_post_transform(from);
  if (!transform)
    return tl::unexpected{transform.error()};
  const auto targets = from.integer("targets", 1);
  return linear_scores(from, static_cast<std::size_t>(std::max<std::int64_t>(targets, 0)))
      .map([&](const registers& scores) {
        return std::vector{regression(from.program(), transformed(from.program(), scores, *transform))};
      });
}

/// A classifier of two classes may have one row of coefficients: its score speaks for the second class.
tensors classifier(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto transform = read_post_transform(from);
  auto labels = read_labels(from, "classlabels_ints", "classlabels_strings");
  from.ignore("multi_class");
  if (!transform || !labels)
    return tl::unexpected{transform ? labels.error() : transform.error()};
  const auto classes = size_of(**labels);
  const auto& in = from.input(0);
  const auto rows = from.numbers("coefficients").size() / std::max<std::size_t>(in.columns.size(), 1);
  auto scores = linear_scores(from, rows);
  if (!scores)
    return tl::unexpected{scores.error()};
  auto& program = from.program();
  if (rows == classes) {
    const auto index = largest_column<double>(program, *scores);
    return classification(program, *std::move(labels), index, transformed(program, *scores, *transform));
  }
  if (rows != 1 || classes != 2)
    return fail("a LinearClassifier of " + std::to_string(classes) + " classes has " + std::to_string(rows)
                + " scores");
  const auto index = map_columns<std::int64_t, double>(program, *scores, [](double x) { return std::int64_t{x > 0}; });
  const auto second = transformed(program, *scores, *transform);
  const auto first = *transform == post_transform::logistic
                         ? map_columns<double, double>(program, second, [](double p) { return 1 - p; })
                         : map_columns<double, double>(program, second, [](double p) { return -p; });
  return classification(program, *std::move(labels), index.front(), {first.front(), second.front()});
}

constexpr std::array all{
    onnx_operator{"LinearClassifier", "ai.onnx.ml", "logistic regression and its like", classifier},
    onnx_operator{"LinearRegressor", "ai.onnx.ml", "linear regression and its like", regressor},
};

} // namespace

constexpr operator_family operators::linear{all};

} // namespace weir::models
