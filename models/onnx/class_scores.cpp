#include "models/onnx/class_scores.hpp"

#include "models/graph/elementwise.hpp"
#include "models/graph/look_up.hpp"
#include "models/graph/shares.hpp"

#include <cmath>

namespace weir::models {

namespace {

using core::fail;

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

template <auto F>
registers shares(program_builder& program, const registers& scores) {
  auto made = program.make(element::f64, scores.size());
  program.add<group_kernel<double, F>>(scores, made, scores.size());
  return made;
}

/// sqrt(2) * erfinv(2x - 1), with ONNX Runtime's approximation of it (Winitzki 2008).
double probit(double x) {
  const auto y = 2 * x - 1;
  const auto sign = y < 0 ? -1.0 : 1.0;
  const auto log = std::log((1 - y) * (1 + y));
  const auto a = 2 / (3.14159 * 0.147) + 0.5 * log;
  const auto b = 1 / 0.147 * log;
  return 1.41421356 * sign * std::sqrt(-a + std::sqrt(a * a - b));
}

} // namespace

core::result<post_transform> read_post_transform(node& from) {
  const auto name = from.text("post_transform", "NONE");
  if (name.empty() || name == "NONE")
    return post_transform::none;
  if (name == "LOGISTIC")
    return post_transform::logistic;
  if (name == "SOFTMAX")
    return post_transform::softmax;
  if (name == "SOFTMAX_ZERO")
    return post_transform::softmax_zero;
  if (name == "PROBIT")
    return post_transform::probit;
  return fail("post_transform '" + name + "' is not supported");
}

registers transformed(program_builder& program, const registers& scores, post_transform how) {
  switch (how) {
  case post_transform::none: return scores;
  case post_transform::logistic: return map_columns<double, double>(program, scores, logistic);
  case post_transform::probit: return map_columns<double, double>(program, scores, probit);
  case post_transform::softmax: return shares<to_shares<>>(program, scores);
  case post_transform::softmax_zero: return shares<to_shares<true>>(program, scores);
  }
  return scores;
}

core::result<std::shared_ptr<const class_labels>> read_labels(node& from, std::string_view numbers,
                                                              std::string_view texts) {
  auto as_numbers = from.integers(numbers);
  auto as_texts = from.texts(texts);
  if (as_numbers.empty() == as_texts.empty())
    return fail("operator '" + from.op() + "' needs class labels of one type");
  return std::make_shared<const class_labels>(as_texts.empty() ? class_labels{std::move(as_numbers)}
                                                               : class_labels{std::move(as_texts)});
}

std::vector<tensor> classification(program_builder& program, std::shared_ptr<const class_labels> labels,
                                   register_id index, registers scores) {
  const auto values = values_of(*labels);
  tensor label{type_of(values), {rows_axis}, look_up_columns(program, values, {index}), {}, {}, labels};
  tensor probabilities{element::f32,
                       {rows_axis, static_cast<std::int64_t>(scores.size())},
                       convert_columns(program, scores, element::f64, element::f32),
                       {},
                       std::move(scores),
                       std::move(labels)};
  return {std::move(label), std::move(probabilities)};
}

tensor regression(program_builder& program, registers targets) {
  tensor made{element::f32, {rows_axis, static_cast<std::int64_t>(targets.size())}};
  made.columns = convert_columns(program, targets, element::f64, element::f32);
  made.exact = std::move(targets);
  return made;
}

} // namespace weir::models
