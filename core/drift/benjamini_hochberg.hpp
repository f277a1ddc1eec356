#pragma once

#include <span>
#include <vector>

namespace weir::core {

/// p values of several tests, adjusted so that what is at most alpha has a false discovery rate of at most alpha
/// (Benjamini and Hochberg 1995), as scipy's false_discovery_control has it. @param p_values 0 to 1
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

} // namespace weir::core
