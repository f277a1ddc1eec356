#pragma once

#include "models/onnx/file_writer.hpp"

#include <string_view>

namespace weir::models {

/// What an output is called whose numbers say how far a row lies from the borders between classes, however many columns
/// it has: no probabilities.
inline constexpr std::string_view decision_output = "decision_function";

/// The classes, as the classifiers of scikit-learn's linear kinds and support vectors have them.
attribute labels_attribute(const class_labels& labels);

/// The output `label`.
void write_label(const class_labels& labels, file_writer& file);

/// Of `scores` of two classes that of the second becomes the value `decision_function`.
void write_second_score(file_writer& file);

} // namespace weir::models
