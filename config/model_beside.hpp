#pragma once

#include "models/registry/model_reference.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace weir::config {

/// The path of a model, or a reference into a registry, as it stands; where no model is there, the one beside a
/// pipeline file; where none is there either, as it stands.
inline std::string model_beside(const std::string& path, std::string_view pipeline_file) {
  if (std::filesystem::path{path}.is_absolute() || models::is_model_at(path))
    return path;
  const auto beside = (std::filesystem::path{pipeline_file}.parent_path() / path).string();
  return models::is_model_at(beside) ? beside : path;
}

} // namespace weir::config
