#pragma once

#include "core/base/result.hpp"

#include <string>

namespace weir::models {

/// All bytes of a file, which may have none. An error says why it cannot be read.
core::result<std::string> read_file(const std::string& path);

} // namespace weir::models
