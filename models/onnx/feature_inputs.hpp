#pragma once

#include "models/onnx/file_writer.hpp"
#include "models/training_data.hpp"

#include <string>

namespace weir::models {

/// Writes the inputs of a model that was trained on `data`, with its encoders, and what the data say of their features.
/// Without texts there is one input, `X` (rows x features, float32); else there is one for each feature (rows x 1), a
/// string for each that has an encoder.
/// @returns the name of the value with all features, as floats
std::string write_inputs(const training_data& data, file_writer& file);

} // namespace weir::models
