#pragma once

#include "core/base/result.hpp"
#include "models/tree_model.hpp"

namespace onnx {
class NodeProto;
}

namespace weir::models {

/// Reads the attributes of a TreeEnsembleRegressor or TreeEnsembleClassifier.
/// @param features of the graph's input; 0 when it does not say
core::result<tree_model> read_tree_ensemble(const onnx::NodeProto& node, std::size_t features);

} // namespace weir::models
