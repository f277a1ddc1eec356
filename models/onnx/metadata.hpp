#pragma once

#include "core/base/result.hpp"
#include "models/model_definition.hpp"

namespace onnx {
class ModelProto;
}

namespace weir::models {

// What weir keeps in a model file's metadata_props, as JSON: `feature_names`, an array of texts, and `encoders`, an
// object of arrays of texts: the categories of each text feature, in the order of their codes.

/// Fills feature names and encoders; other metadata is left alone. Fails when they do not fit the model.
core::result<void> read_metadata(const onnx::ModelProto& file, model_definition& into);

void write_metadata(const model_meaning& from, onnx::ModelProto& file);

} // namespace weir::models
