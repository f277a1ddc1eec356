#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace weir::models {

/// The 64 hexadecimal digits of the SHA-256 of `bytes`, as `sha256sum` prints them.
std::string digest(std::string_view bytes);

/// The same of a file, which is read block by block.
core::result<std::string> digest_of_file(const std::string& path);

} // namespace weir::models
