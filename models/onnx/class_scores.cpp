#include "models/onnx/class_scores.hpp"

#include "models/graph/elementwise.hpp"
#include "models/graph/look_up.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models {

namespace {

using core::fail;

/// Shares of exp(x); with `skips_zero` a score of 0 stays 0, as "no score" does in ONNX Runtime.
class softmax_kernel final : public kernel {
public:
  softmax_kernel(registers from, registers to, bool skips_zero) :
      kernel{std::move(from), std::move(to)}, skips_zero_{skips_zero} {}

  void run(const frame& f) const override {
    constexpr double nothing = 1e-7;
    const auto count = reads.size();
    for (std::size_t r = 0; r < f.rows(); ++r) {
      auto largest = f.at<const double>(reads.front())[r];
      for (const auto id : reads)
        largest = std::max(largest, f.at<const double>(id)[r]);
      double sum = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const auto score = f.at<const double>(reads[i])[r];
        const auto is_skipped = skips_zero_ && std::abs(score) <= nothing;
        sum += f.at<double>(writes[i])[r] = is_skipped ? score * std::exp(-largest) : std::exp(score - largest);
      }
      for (std::size_t i = 0; i < count; ++i)
        f.at<double>(writes[i])[r] /= sum;
    }
  }

private:
  bool skips_zero_;
};

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
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
  case post_transform::softmax:
  case post_transform::softmax_zero: {
    const auto made = program.make(element::f64, scores.size());
    program.add<softmax_kernel>(scores, made, how == post_transform::softmax_zero);
    return made;
  }
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
