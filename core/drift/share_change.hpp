#pragma once

#include "core/drift/test_result.hpp"

#include <cstdint>

namespace weir::core {

/// So many of so many, such as nulls among records.
struct share_of {
  std::uint64_t part = 0;
  std::uint64_t whole = 0; ///< no less

  double value() const noexcept { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }
};

/// Whether a share has changed, two-sided. The statistic is the window's share less the reference's. Up to 10,000 on
/// the smallest side of the table by Fisher's exact test, as scipy's fisher_exact has it; beyond by the z-test of two
/// proportions with a pooled variance. p is 1 where one is empty.
test_result share_change(const share_of& reference, const share_of& window);

/// Whether a correlation of Pearson's has changed, two-sided, by Fisher's z (1915). The statistic is z, above 0 where
/// the reference's is the larger one. p is 1 with fewer than four values in one. Sure for values near the normal alone.
/// @param of_reference,of_window correlations, -1 to 1  @param n,m pairs of values behind each
test_result correlation_change(double of_reference, std::uint64_t n, double of_window, std::uint64_t m);

} // namespace weir::core
