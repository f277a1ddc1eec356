#pragma once

#include <string>
#include <string_view>

namespace weir::models {

/// The 64 hexadecimal digits of the SHA-256 of `bytes`, as `sha256sum` prints them.
std::string digest(std::string_view bytes);

} // namespace weir::models
