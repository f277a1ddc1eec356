#pragma once

#include "core/drift/test_result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace weir::core {

struct chi_square_result : test_result {
  double degrees_of_freedom = 0; ///< 0: there was nothing to compare
  double cramers_v = 0;          ///< effect, 0 to 1
};

/// Pearson's test whether two samples have the same shares of categories, as scipy's chi2_contingency without
/// correction has it. Categories of which fewer than `least_expected` are expected in either sample are taken together.
/// @param reference,window counts, as many as there are categories  @param least_expected 0: none are taken together
chi_square_result chi_square(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window,
                             double least_expected = 5);

/// Which group each category goes to so that at least `least_expected` are expected of each in either sample;
/// neighbours go together, so that it is good for bins, too. Numbers of groups ascend from 0.
std::vector<std::size_t> pooled_neighbours(std::span<const std::uint64_t> reference,
                                           std::span<const std::uint64_t> window, double least_expected);

} // namespace weir::core
