#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace weir::config {

/// A path as it stands; where nothing is there, the one beside a pipeline file; where nothing is there either, as it
/// stands.
inline std::string file_beside(const std::string& path, std::string_view pipeline_file) {
  const std::filesystem::path as_written{path};
  std::error_code ignored;
  if (as_written.is_absolute() || std::filesystem::exists(as_written, ignored))
    return path;
  const auto beside = std::filesystem::path{pipeline_file}.parent_path() / as_written;
  return std::filesystem::exists(beside, ignored) ? beside.string() : path;
}

} // namespace weir::config
