#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace weir::io {

/// 32 random bytes in hexadecimal digits.
core::result<std::string> new_token();

/// Writes a token to a new file that its owner alone can read; replaces one that is there.
core::result<void> write_token(const std::string& path, const std::string& token);

/// The token in a file: its first line, without blanks around it. Less than 16 characters is an error.
core::result<std::string> read_token(const std::string& path);

/// Whether the value of an `Authorization` header is `Bearer TOKEN`: the token that it carries, or empty.
std::string_view bearer_token(std::string_view authorization) noexcept;

/// Compares in a time that does not depend on where they differ.
bool same_token(std::string_view a, std::string_view b) noexcept;

} // namespace weir::io
