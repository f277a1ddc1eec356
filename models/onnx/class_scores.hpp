#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"
#include "models/onnx/node.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace weir::models {

/// What becomes of scores, as ONNX defines it.
enum class post_transform : std::uint8_t { none, logistic, softmax, softmax_zero, probit };

core::result<post_transform> read_post_transform(node& from);

/// Scores (columns of double) after the transform.
registers transformed(program_builder& program, const registers& scores, post_transform how);

/// The labels of a classifier, in the one or the other attribute. Fails when it has both or none.
core::result<std::shared_ptr<const class_labels>> read_labels(node& from, std::string_view numbers,
                                                              std::string_view texts);

/// The outputs of a classifier: the label whose index a column says, and float columns of scores.
/// @param index a column of whole numbers @param scores columns of double, after the transform
std::vector<tensor> classification(program_builder& program, std::shared_ptr<const class_labels> labels,
                                   register_id index, registers scores);

/// Float columns of a regressor's targets, which are there as doubles too.
tensor regression(program_builder& program, registers targets);

} // namespace weir::models
