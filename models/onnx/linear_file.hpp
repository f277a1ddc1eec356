#pragma once

#include "models/linear/linear_fit.hpp"
#include "models/training_data.hpp"

#include <string>
#include <vector>

namespace weir::models {

/// The bytes of an ONNX file with a LinearRegressor. ONNX Runtime and read_onnx() load it. Its input is `X` (rows x
/// features, float32), its output `variable`, as write_target_node() says. Coefficients are stored as float32.
std::string write_linear_regressor(const linear_fit& from, const training_data& data);

/// The bytes of an ONNX file with a LinearClassifier, likewise: its outputs are `label` and `probabilities`, as
/// skl2onnx names them. @param from of two classes one fit, the log-odds of the second; of more one for each class
std::string write_linear_classifier(const std::vector<linear_fit>& from, const training_data& data);

/// The same with scores that are no probabilities: its outputs are `label` and `decision_function`.
/// @param from of two classes one fit, above 0 for the second: one column; of more one for each class
std::string write_deciding_classifier(const std::vector<linear_fit>& from, const training_data& data);

} // namespace weir::models
