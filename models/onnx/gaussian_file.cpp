#include "models/onnx/gaussian_file.hpp"

#include "models/graph/look_up.hpp"
#include "models/onnx/feature_inputs.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

/// ln(prior * density) of each class as a function of the features less their `centres`: squares * x^2 + slopes * x +
/// bases. Around centres amid the classes nothing is lost in the differences.
struct square_scores {
  std::vector<double> centres; ///< by feature
  std::vector<double> squares; ///< features x classes
  std::vector<double> slopes;  ///< features x classes
  std::vector<double> bases;   ///< by class
};

square_scores scores_of(const std::vector<gaussian_class>& classes) {
  const auto features = classes.front().means.size();
  square_scores made{std::vector<double>(features), {}, {}, {}};
  for (const auto& one : classes)
    made.bases.push_back(std::log(one.prior));
  for (std::size_t f = 0; f < features; ++f) {
    for (const auto& one : classes)
      made.centres[f] += one.means[f] / static_cast<double>(classes.size());
    for (std::size_t k = 0; k < classes.size(); ++k) {
      const auto variance = classes[k].variances[f];
      const auto mean = classes[k].means[f] - made.centres[f];
      made.squares.push_back(-0.5 / variance);
      made.slopes.push_back(mean / variance);
      made.bases[k] -= (std::log(2 * std::numbers::pi * variance) + mean * mean / variance) / 2;
    }
  }
  return made;
}

} // namespace

std::string write_gaussian_classifier(const std::vector<gaussian_class>& from, const training_data& data) {
  const auto scores = scores_of(from);
  const auto features = static_cast<std::int64_t>(scores.centres.size());
  const auto classes = static_cast<std::int64_t>(from.size());
  const auto labels = values_of(*data.labels);
  file_writer file;
  const auto inputs = write_inputs(data, file);
  file.constant("centres", {features}, scores.centres);
  file.constant("squares", {features, classes}, scores.squares);
  file.constant("slopes", {features, classes}, scores.slopes);
  file.constant("bases", {classes}, scores.bases);
  file.constant("labels", {classes}, labels);
  file.node("Cast", {inputs}, {"X_in_double"}, {{"to", std::int64_t{onnx::TensorProto::DOUBLE}}});
  file.node("Sub", {"X_in_double", "centres"}, {"x"});
  file.node("Mul", {"x", "x"}, {"xx"});
  file.node("MatMul", {"xx", "squares"}, {"square_part"});
  file.node("MatMul", {"x", "slopes"}, {"linear_part"});
  file.node("Add", {"square_part", "linear_part"}, {"parts"});
  file.node("Add", {"parts", "bases"}, {"scores"});
  file.node("Softmax", {"scores"}, {"shares"}, {{"axis", std::int64_t{1}}});
  file.node("Cast", {"shares"}, {"probabilities"}, {{"to", std::int64_t{onnx::TensorProto::FLOAT}}});
  file.node("ArgMax", {"probabilities"}, {"index"}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
  file.node("Gather", {"labels", "index"}, {"label"});
  file.output("label", type_of(labels), 0);
  file.output("probabilities", element::f32, from.size());
  return file.bytes();
}

} // namespace weir::models
