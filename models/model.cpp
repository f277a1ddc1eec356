#include "models/model.hpp"

#include "models/file_digest.hpp"
#include "models/onnx_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace weir::models {

namespace {

double logistic(double x) noexcept {
  return 1 / (1 + std::exp(-x));
}

void softmax(double* values, std::size_t count) noexcept {
  const auto largest = *std::max_element(values, values + count);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k)
    sum += values[k] = std::exp(values[k] - largest);
  for (std::size_t k = 0; k < count; ++k)
    values[k] /= sum;
}

} // namespace

core::result<model_ptr> model::load(const std::string& path, std::string name) {
  std::ifstream file{path, std::ios::binary};
  std::stringstream bytes;
  if (!file || !(bytes << file.rdbuf()))
    return core::fail(std::string{"cannot read the model: "} + std::strerror(errno), path, "is the path right?");
  const auto content = std::move(bytes).str();
  if (name.empty())
    name = std::filesystem::path{path}.stem().string();
  auto made = read_onnx(content).and_then(
      [&](tree_model&& from) { return make(std::move(from), name + "@" + short_digest(content)); });
  if (!made)
    made.error().where = path;
  return made;
}

core::result<model_ptr> model::make(tree_model from, std::string version) {
  auto trees = forest::make(from.ensemble);
  if (!trees)
    return tl::unexpected{trees.error()};
  from.ensemble = {};
  return model_ptr{new model{*std::move(trees), std::move(from), std::move(version)}};
}

void model::predict(const float* columns, std::size_t stride, std::size_t rows, double* values,
                    double* probabilities) const {
  const auto outputs = forest_.outputs();
  const auto base = meaning_.base_values.empty() ? 0 : meaning_.base_values.front();
  if (!is_classifier()) {
    forest_.predict(columns, stride, rows, values);
    for (std::size_t r = 0; r < rows; ++r)
      values[r] = meaning_.transform == post_transform::logistic ? logistic(base + values[r]) : base + values[r];
    return;
  }
  thread_local std::vector<double> sums;
  if (sums.size() < rows * outputs)
    sums.resize(rows * outputs);
  forest_.predict(columns, stride, rows, sums.data());
  double probability = 0;
  for (std::size_t r = 0; r < rows; ++r)
    if (outputs == 1)
      decide_between_two(base + sums[r], values[r], probabilities == nullptr ? probability : probabilities[r]);
    else
      decide(sums.data() + r * outputs, values[r], probabilities == nullptr ? probability : probabilities[r]);
}

void model::decide_between_two(double score, double& value, double& probability) const {
  value = score > (meaning_.leaves_are_shares ? 0.5 : 0.0) ? 1 : 0;
  probability = meaning_.transform == post_transform::logistic ? logistic(score) : score;
}

void model::decide(double* sums, double& value, double& probability) const {
  const auto outputs = forest_.outputs();
  for (std::size_t k = 0; k < meaning_.base_values.size(); ++k)
    sums[k] += meaning_.base_values[k];
  const auto chosen = static_cast<std::size_t>(std::max_element(sums, sums + outputs) - sums);
  value = static_cast<double>(chosen);
  if (meaning_.transform == post_transform::softmax)
    softmax(sums, outputs);
  const auto shown = sums[outputs == 2 ? 1 : chosen];
  probability = meaning_.transform == post_transform::logistic ? logistic(shown) : shown;
}

} // namespace weir::models
