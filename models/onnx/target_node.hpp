#pragma once

#include "models/onnx/file_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// Writes the node of a regressor and its output `variable` (rows x 1). Its intercept is stored as float32, unless the
/// target is so far from 0 that float32 has less than 10,000 steps in its range: then it is added in double, and
/// `variable` is double.
/// @param attributes all but the intercept @param named_intercept what the operator calls that
void write_target_node(std::string_view op, const std::string& features, std::vector<attribute> attributes,
                       std::string_view named_intercept, double intercept, const std::vector<double>& target,
                       file_writer& file);

} // namespace weir::models
