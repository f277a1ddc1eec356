#pragma once

#include "models/graph/tensor.hpp"

namespace weir::models {

/// Columns of what stands in `list` where a column of whole numbers says; beyond its ends, of the first or the last.
/// @pre `list` is not empty, and holds no truth values
registers look_up_columns(program_builder& program, const constant_values& list, const registers& at);

/// The labels as the values of a constant.
constant_values values_of(const class_labels& labels);

/// Columns with the index of the largest of several columns; of equal ones the first. @pre there is one
template <class T>
register_id largest_column(program_builder& program, const registers& of);

} // namespace weir::models
