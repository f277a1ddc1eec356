#pragma once

#include "core/base/result.hpp"

#include <cstdio>

namespace weir::cli {

/// What a verb ends with (sysexits.h).
enum class exit_code : int {
  done = 0,
  failed = 1, ///< a check or a test failed, or some of the work could not be done
  usage = 64,
  unavailable = 69, ///< a broker, a file or a node cannot be reached
  bad_configuration = 78,
};

/// Says an error on stderr.
inline exit_code report(const core::error& error, exit_code code) {
  std::fprintf(stderr, "weir: error: %s\n", error.text().c_str());
  return code;
}

} // namespace weir::cli
