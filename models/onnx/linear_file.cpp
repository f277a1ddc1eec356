#include "models/onnx/linear_file.hpp"

#include "models/onnx/feature_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

bool needs_double(const std::vector<double>& target) {
  constexpr double steps = 1e4;
  const auto [least, most] = std::minmax_element(target.begin(), target.end());
  const auto farthest = std::max(std::abs(*least), std::abs(*most));
  return *most > *least
         && farthest * static_cast<double>(std::numeric_limits<float>::epsilon()) * steps > *most - *least;
}

linear_fit opposite(linear_fit of) {
  for (auto& c : of.coefficients)
    c = -c;
  of.intercept = -of.intercept;
  return of;
}

} // namespace

std::string write_linear_regressor(const linear_fit& from, const training_data& data) {
  const auto is_double = needs_double(data.target);
  std::vector<attribute> attributes;
  attributes.emplace_back("coefficients", std::vector<float>{from.coefficients.begin(), from.coefficients.end()});
  if (!is_double)
    attributes.emplace_back("intercepts", std::vector<float>{static_cast<float>(from.intercept)});
  file_writer file;
  const auto features = write_inputs(data, file);
  file.node("LinearRegressor", {features}, {is_double ? "products" : "variable"}, attributes);
  if (is_double) {
    file.constant("intercept", {1}, std::vector<double>{from.intercept});
    file.node("Cast", {"products"}, {"products_in_double"}, {{"to", std::int64_t{onnx::TensorProto::DOUBLE}}});
    file.node("Add", {"products_in_double", "intercept"}, {"variable"});
  }
  file.output("variable", is_double ? element::f64 : element::f32, 1);
  return file.bytes();
}

std::string write_linear_classifier(const std::vector<linear_fit>& from, const training_data& data) {
  auto scores = from;
  // with a score for each of two classes too, each probability is that of its score
  if (from.size() == 1)
    scores.insert(scores.begin(), opposite(from.front()));
  std::vector<float> coefficients, intercepts;
  for (const auto& one : scores) {
    coefficients.insert(coefficients.end(), one.coefficients.begin(), one.coefficients.end());
    intercepts.push_back(static_cast<float>(one.intercept));
  }
  std::vector<attribute> attributes;
  attributes.emplace_back("coefficients", std::move(coefficients));
  attributes.emplace_back("intercepts", std::move(intercepts));
  attributes.emplace_back("post_transform", from.size() == 1 ? "LOGISTIC" : "SOFTMAX");
  const auto* texts = std::get_if<std::vector<std::string>>(data.labels.get());
  if (texts != nullptr)
    attributes.emplace_back("classlabels_strings", *texts);
  else
    attributes.emplace_back("classlabels_ints", std::get<std::vector<std::int64_t>>(*data.labels));
  file_writer file;
  const auto features = write_inputs(data, file);
  file.node("LinearClassifier", {features}, {"label", "probabilities"}, attributes);
  file.output("label", texts != nullptr ? element::text : element::i64, 0);
  file.output("probabilities", element::f32, scores.size());
  return file.bytes();
}

} // namespace weir::models
