#pragma once

#include "models/training_data.hpp"
#include "models/tree_ensemble.hpp"
#include "models/trees/forest_trainer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// The bytes of an ONNX file with trees that were trained on `data`: a TreeEnsembleRegressor, or of classes a
/// TreeEnsembleClassifier. ONNX Runtime and read_onnx() load it. Its inputs are those of write_inputs(), its output
/// `variable` (rows x 1), or `label` and `probabilities`, as skl2onnx names them.
/// @param bases what the sums begin with, for each output; empty: 0. Two classes have one output, of the second class.
/// @param post_transform `NONE`, `LOGISTIC` or `SOFTMAX`
/// @param after an operator for what a regressor says: `Exp`
/// @pre all tests are `<=`, thresholds and leaf values are floats
std::string write_trees(const trained_trees& from, const training_data& data, const std::vector<double>& bases,
                        std::string_view post_transform, std::string_view after = {});

/// The bytes of an ONNX file with an isolation forest, whose output is `anomaly_score` (rows x 1), from 0 to 1.
/// @param mean_path of a row like any other
std::string write_isolation_trees(const tree_ensemble& from, double mean_path, const training_data& data);

} // namespace weir::models
