#pragma once

#include "core/base/result.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace weir::models {

/// All bytes of a file, which may have none. An error says why it cannot be read.
core::result<std::string> read_file(const std::string& path);

/// The same, block after block.
core::result<void> read_blocks(const std::string& path, const std::function<void(std::string_view)>& take);

} // namespace weir::models
