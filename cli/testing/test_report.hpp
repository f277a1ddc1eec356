#pragma once

#include "cli/testing/expectation.hpp"

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace weir::cli {

/// What came of a case.
struct case_result {
  std::string name;
  std::vector<test_difference> differences; ///< empty: it has passed
  std::string error;                        ///< why it could not run; empty: it could
  std::chrono::duration<double> took{};

  bool is_passed() const noexcept { return differences.empty() && error.empty(); }
};

/// What came of a file of cases.
struct file_result {
  std::string path;
  std::vector<case_result> cases;
};

/// A line for each case on standard output, and what is other than expected behind those that fail, each as
/// `file:line:col: ...`. In colour on a terminal.
void print(const file_result& of);

/// All files as a report in JUnit's XML, as build servers read it.
std::string junit_report(std::span<const file_result> files);

/// The text of a test file with what came of the cases that expect nothing, as what they expect.
/// @param outcomes one a case
std::string recorded(const test_file& of, std::span<const case_outcome> outcomes);

} // namespace weir::cli
