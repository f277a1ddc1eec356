#pragma once

#include "core/format/formats.hpp"

#include <filesystem>
#include <string>

namespace weir::cli {

/// Whether an argument that may be a file or a topic is a file: one that is there, standard input, or a name that a
/// topic would not have.
inline bool names_a_file(const std::string& name) {
  std::error_code ignored;
  return name == "-" || name.find('/') != std::string::npos || core::format_of_file(name, nullptr) != nullptr
         || std::filesystem::exists(name, ignored);
}

} // namespace weir::cli
