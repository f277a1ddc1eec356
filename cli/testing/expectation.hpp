#pragma once

#include "cli/testing/case_run.hpp"

#include <string>
#include <vector>

namespace weir::cli {

/// What is other than a case expects.
struct test_difference {
  config::position at; ///< of what was expected
  std::string what;    ///< one sentence
};

/// Compares. Of records and alerts only the fields that the case names count, of each list all entries, in order.
std::vector<test_difference> differences(const test_case& expected, const case_outcome& found);

} // namespace weir::cli
