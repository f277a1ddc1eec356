#pragma once

#include "cli/say.hpp"
#include "core/base/result.hpp"

namespace weir::cli {

/// What a verb ends with (sysexits.h).
enum class exit_code : int {
  done = 0,
  failed = 1, ///< a check or a test failed, or some of the work could not be done
  usage = 64,
  unavailable = 69, ///< a broker, a file or a node cannot be reached
  bad_configuration = 78,
};

/// Says an error.
inline exit_code report(const core::error& error, exit_code code) {
  say(tone::error, "weir: error: " + error.text());
  return code;
}

/// Says an error that is the end of a verb. @returns what the verb ends with: one mistake has one code
inline exit_code report(const core::error& error) {
  return report(error, error.is_unreachable ? exit_code::unavailable : exit_code::bad_configuration);
}

} // namespace weir::cli
