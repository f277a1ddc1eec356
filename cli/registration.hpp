#pragma once

#include "core/base/result.hpp"
#include "models/registry/registered_model.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::cli {

/// Where a model is to be registered.
struct registration {
  std::string model; ///< REGISTRY/NAME; empty: nowhere
  std::string alias; ///< that the version gets; empty: none
  std::string note;
};

struct registered_version {
  std::string version; ///< `risk/3@2f0c6d1b`
  bool is_new = false; ///< false: the model had these bytes already
  std::optional<models::alias_change> alias;
};

/// Whether the names are such, whatever is there.
core::result<void> check(const registration& to);

/// Adds the bytes of an ONNX file to a model of a registry.
core::result<registered_version> add_to_registry(std::string_view bytes, const registration& to);

} // namespace weir::cli
