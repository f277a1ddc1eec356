#pragma once

#include "models/linear/k_means.hpp"
#include "models/training_data.hpp"

#include <string>

namespace weir::models {

/// The bytes of an ONNX file that says which centre is nearest. ONNX Runtime and read_onnx() load it. Its input is `X`
/// (rows x features, float32), its outputs are `label`, the number of the cluster, and `scores` (rows x clusters), the
/// distances to the centres, as skl2onnx names them.
std::string write_clusters(const clusters& from, const training_data& data);

} // namespace weir::models
