#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace weir::io {

/// What a file is known again by: its beginning, and that it only grows.
struct file_print {
  std::uint64_t size = 0;      ///< in bytes
  std::uint64_t head_size = 0; ///< of the beginning that `head` is of
  std::uint32_t head = 0;      ///< fingerprint of it
};

/// Of a regular file; nothing where it is none, or cannot be read. @param head_size of its beginning; absent: a block
/// of it, or all that it has
std::optional<file_print> print_of(const std::string& path, std::optional<std::uint64_t> head_size = {});

/// Whether a file is the one that the print was taken of, or what that has grown into.
bool is_known_by(const std::string& path, const file_print& print);

} // namespace weir::io
