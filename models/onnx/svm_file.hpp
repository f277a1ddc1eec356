#pragma once

#include "models/kernel/kernel_function.hpp"
#include "models/kernel/svc.hpp"
#include "models/training_data.hpp"

#include <string>

namespace weir::models {

/// The bytes of an ONNX file with an SVMRegressor, with the linear kernel a LinearRegressor. ONNX Runtime and
/// read_onnx() load it. Its input is `X` (rows x features, float32), its output `variable`, as write_target_node()
/// says. Vectors and coefficients are stored as float32.
/// @pre with the linear kernel there is one vector, whose coefficient is 1
std::string write_kernel_regressor(const kernel_fit& from, const training_data& data);

/// The same of what is usual: its output is `anomaly_score` (rows x 1), 0 less the value of the fit, so that it is
/// above 0 where a row is unusual.
std::string write_kernel_anomaly(const kernel_fit& from, const training_data& data);

/// The bytes of an ONNX file with an SVMClassifier, of two classes an SVMRegressor, likewise: its outputs are `label`
/// and `decision_function`, of two classes one column, above 0 for the second, as scikit-learn's; of more one for each
/// pair, above 0 for its first.
std::string write_support_classifier(const pairwise_fit& from, const training_data& data);

} // namespace weir::models
