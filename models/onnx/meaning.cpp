#include "models/onnx/meaning.hpp"

#include "models/onnx/class_outputs.hpp"

#include <algorithm>
#include <string>

namespace weir::models {

namespace {

/// A classifier may say the probability of each class in an output of its own: together they are one.
void join_classes(std::vector<model_output>& outputs) {
  if (outputs.size() < 3 || outputs.front().labels == nullptr || outputs.size() != 1 + size_of(*outputs.front().labels))
    return;
  const auto& first = outputs[1];
  for (std::size_t i = 1; i < outputs.size(); ++i)
    if (outputs[i].columns != 1 || outputs[i].type != first.type || outputs[i].type == element::text)
      return;
  outputs = {outputs.front(), {"probabilities", first.type, outputs.size() - 1, outputs.front().labels}};
}

} // namespace

core::result<void> name_features(model_meaning& of, const std::vector<model_feature>& names, bool is_wide) {
  of.has_names = !is_wide && of.features.size() > 1;
  if (names.empty())
    return {};
  if (names.size() != of.features.size())
    return core::fail("the metadata 'feature_names' are not one text for each of " + std::to_string(of.features.size())
                      + " features");
  for (std::size_t i = 0; i < names.size(); ++i)
    of.features[i].name = names[i].name;
  of.has_names = true;
  return {};
}

bool is_label(const model_output& of) {
  return of.columns == 1 && (of.type == element::text || of.type == element::i64);
}

void find_prediction(model_meaning& of) {
  auto& outputs = of.outputs;
  join_classes(outputs);
  const auto label = std::find_if(outputs.begin(), outputs.end(), is_label);
  if (label == outputs.end())
    return;
  of.prediction = static_cast<std::size_t>(label - outputs.begin());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    auto& other = outputs[i];
    if (i == of.prediction || (other.type != element::f32 && other.type != element::f64)
        || other.name == decision_output)
      continue;
    const auto fits = [&](const auto& labels) { return labels != nullptr && size_of(*labels) == other.columns; };
    if (other.labels == nullptr && fits(label->labels))
      other.labels = label->labels;
    if (!fits(other.labels))
      continue;
    of.probabilities = i;
    label->labels = other.labels;
    return;
  }
}

} // namespace weir::models
