#include "models/onnx/linear_file.hpp"

#include "models/onnx/class_outputs.hpp"
#include "models/onnx/feature_inputs.hpp"
#include "models/onnx/target_node.hpp"

#include <string_view>
#include <utility>

namespace weir::models {

namespace {

linear_fit opposite(linear_fit of) {
  for (auto& c : of.coefficients)
    c = -c;
  of.intercept = -of.intercept;
  return of;
}

/// A node that says the label, and the scores of the classes.
void write_scores(const std::vector<linear_fit>& from, const training_data& data, std::string_view transform,
                  std::string_view named_scores, file_writer& file) {
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
  attributes.emplace_back("post_transform", std::string{transform});
  attributes.push_back(labels_attribute(*data.labels));
  const auto features = write_inputs(data, file);
  file.node("LinearClassifier", {features}, {"label", std::string{named_scores}}, attributes);
  write_label(*data.labels, file);
}

} // namespace

std::string write_linear_regressor(const linear_fit& from, const training_data& data) {
  std::vector<attribute> attributes;
  attributes.emplace_back("coefficients", std::vector<float>{from.coefficients.begin(), from.coefficients.end()});
  file_writer file;
  const auto features = write_inputs(data, file);
  write_target_node("LinearRegressor", features, std::move(attributes), "intercepts", from.intercept, data.target,
                    file);
  return file.bytes();
}

std::string write_linear_classifier(const std::vector<linear_fit>& from, const training_data& data) {
  file_writer file;
  write_scores(from, data, from.size() == 1 ? "LOGISTIC" : "SOFTMAX", "probabilities", file);
  file.output("probabilities", element::f32, size_of(*data.labels));
  return file.bytes();
}

std::string write_deciding_classifier(const std::vector<linear_fit>& from, const training_data& data) {
  file_writer file;
  write_scores(from, data, "NONE", from.size() == 1 ? "scores" : decision_output, file);
  if (from.size() == 1)
    write_second_score(file);
  file.output(decision_output, element::f32, from.size());
  return file.bytes();
}

} // namespace weir::models
