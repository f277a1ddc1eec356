#pragma once

#include <string>
#include <string_view>

namespace weir::models {

/// The first 8 hexadecimal digits of the SHA-256 of `bytes`, as `sha256sum` prints them.
std::string short_digest(std::string_view bytes);

/// All 64 of them.
std::string digest(std::string_view bytes);

} // namespace weir::models
