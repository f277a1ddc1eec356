#pragma once

#include "models/model_definition.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

namespace weir::models {

/// The features of a row, as the file takes them: columns of float32.
struct graph_features {
  std::size_t count = 0; ///< 0: the file leaves it open
};

/// What a model says of a row.
struct graph_prediction {
  enum class part : std::uint8_t { value, label, probabilities };

  std::shared_ptr<model_definition> made_by;
  part what = part::value;
};

/// What is known of a value on its way from node to node of a graph.
using graph_value = std::variant<graph_features, graph_prediction>;

/// The outputs of a node that is a whole model: a regressor's value, or a classifier's label and probabilities.
std::vector<graph_value> predictions_of(std::shared_ptr<model_definition> made);

} // namespace weir::models
