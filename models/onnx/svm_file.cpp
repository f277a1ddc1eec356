#include "models/onnx/svm_file.hpp"

#include "models/graph/look_up.hpp"
#include "models/onnx/class_outputs.hpp"
#include "models/onnx/feature_inputs.hpp"
#include "models/onnx/linear_file.hpp"
#include "models/onnx/target_node.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

std::vector<float> as_floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

std::vector<attribute> attributes_of(const kernel_function& kernel, const std::vector<double>& vectors) {
  std::vector<attribute> made;
  made.emplace_back("kernel_type", kernel.is_rbf ? "RBF" : "LINEAR");
  made.emplace_back("kernel_params", std::vector<float>{static_cast<float>(kernel.gamma), 0, 3});
  made.emplace_back("support_vectors", as_floats(vectors));
  made.emplace_back("post_transform", "NONE");
  return made;
}

/// But for the intercept.
std::vector<attribute> attributes_of(const kernel_fit& from) {
  auto made = attributes_of(from.kernel, from.vectors);
  made.emplace_back("n_supports", static_cast<std::int64_t>(from.coefficients.size()));
  made.emplace_back("coefficients", as_floats(from.coefficients));
  return made;
}

kernel_fit opposite(kernel_fit of) {
  for (auto& coefficient : of.coefficients)
    coefficient = -coefficient;
  of.intercept = -of.intercept;
  return of;
}

void write_sum(const kernel_fit& from, const std::string& features, std::string_view named, file_writer& file) {
  auto attributes = attributes_of(from);
  attributes.emplace_back("rho", std::vector<float>{static_cast<float>(from.intercept)});
  file.node("SVMRegressor", {features}, {std::string{named}}, attributes);
}

/// An SVMClassifier would say two sums, whose order is not the same everywhere.
void write_two_classes(const pairwise_fit& from, const class_labels& labels, const std::string& features,
                       file_writer& file) {
  const kernel_fit for_first{from.kernel, from.features, from.vectors, from.coefficients.front(),
                             from.intercepts.front()};
  const std::string decision{decision_output};
  write_sum(opposite(for_first), features, decision, file);
  file.constant("zero", {0});
  file.constant("labels", {2}, values_of(labels));
  file.node("Less", {decision, "zero"}, {"is_first"});
  file.node("Not", {"is_first"}, {"is_second"});
  file.node("Cast", {"is_second"}, {"column"}, {{"to", std::int64_t{onnx::TensorProto::INT64}}});
  file.node("Squeeze", {"column"}, {"index"}, {{"axes", std::vector<std::int64_t>{1}}});
  file.node("Gather", {"labels", "index"}, {"label"});
}

void write_pairs(const pairwise_fit& from, const class_labels& labels, const std::string& features, file_writer& file) {
  std::vector<float> coefficients;
  for (const auto& of : from.coefficients)
    coefficients.insert(coefficients.end(), of.begin(), of.end());
  auto attributes = attributes_of(from.kernel, from.vectors);
  attributes.emplace_back("vectors_per_class", std::vector<std::int64_t>{from.per_class.begin(), from.per_class.end()});
  attributes.emplace_back("coefficients", std::move(coefficients));
  attributes.emplace_back("rho", as_floats(from.intercepts));
  attributes.push_back(labels_attribute(labels));
  file.node("SVMClassifier", {features}, {"label", std::string{decision_output}}, attributes);
}

} // namespace

std::string write_kernel_regressor(const kernel_fit& from, const training_data& data) {
  if (!from.kernel.is_rbf)
    return write_linear_regressor({from.vectors, from.intercept}, data);
  file_writer file;
  const auto features = write_inputs(data, file);
  write_target_node("SVMRegressor", features, attributes_of(from), "rho", from.intercept, data.target, file);
  return file.bytes();
}

std::string write_kernel_anomaly(const kernel_fit& from, const training_data& data) {
  file_writer file;
  write_sum(opposite(from), write_inputs(data, file), "anomaly_score", file);
  file.output("anomaly_score", element::f32, 1);
  return file.bytes();
}

std::string write_support_classifier(const pairwise_fit& from, const training_data& data) {
  file_writer file;
  const auto features = write_inputs(data, file);
  if (from.classes() == 2)
    write_two_classes(from, *data.labels, features, file);
  else
    write_pairs(from, *data.labels, features, file);
  write_label(*data.labels, file);
  file.output(decision_output, element::f32, from.intercepts.size());
  return file.bytes();
}

} // namespace weir::models
