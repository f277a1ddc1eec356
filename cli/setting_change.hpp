#pragma once

#include "cli/exit_code.hpp"
#include "core/base/result.hpp"
#include "io/http/endpoint_files.hpp"

#include <chrono>
#include <string>

namespace weir::cli {

/// A setting of a running pipeline, and what it is to be.
struct setting_change {
  std::string name;
  std::string value; ///< a file that is there is named by its whole path, as the node may stand in another folder
  std::chrono::milliseconds patience{60'000};
};

/// Asks a node for it, waits until all lanes of the pipeline have it, and prints from which record on. An error: the
/// node or the pipeline refuses, and nothing has changed, or it takes too long.
core::result<void> change_setting(const io::endpoint_file& node, const std::string& token,
                                  const setting_change& wanted);

} // namespace weir::cli
