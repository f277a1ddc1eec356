#pragma once

#include "models/linear/gaussian_nb.hpp"
#include "models/training_data.hpp"

#include <string>
#include <vector>

namespace weir::models {

/// The bytes of an ONNX file that computes Gaussian naive Bayes in double: a square function of the features for each
/// class. ONNX Runtime and read_onnx() load it. Its input is `X` (rows x features, float32), its outputs are `label`
/// and `probabilities`, as skl2onnx names them.
std::string write_gaussian_classifier(const std::vector<gaussian_class>& from, const training_data& data);

} // namespace weir::models
