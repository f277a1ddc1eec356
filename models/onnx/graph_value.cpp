#include "models/onnx/graph_value.hpp"

#include <utility>

namespace weir::models {

std::vector<graph_value> predictions_of(std::shared_ptr<model_definition> made) {
  using part = graph_prediction::part;
  if (!made->is_classifier)
    return {graph_prediction{std::move(made), part::value}};
  return {graph_prediction{made, part::label}, graph_prediction{made, part::probabilities}};
}

} // namespace weir::models
