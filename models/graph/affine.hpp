#pragma once

#include "models/graph/program.hpp"

#include <vector>

namespace weir::models {

/// `W x + b` for each row, in the precision of T, summed up in that of Sum. T and Sum are float or double.
/// @param weights one row of `from.size()` for each column of the result @param bias empty, or one for each of them
/// @returns columns of type T
template <class T, class Sum = T>
registers affine_columns(program_builder& program, registers from, std::vector<T> weights, std::vector<T> bias);

} // namespace weir::models
