#pragma once

#include "core/base/result.hpp"
#include "models/model.hpp"

#include <string_view>
#include <vector>

namespace weir::models {

/// What the file of a model that others compute says of it, beyond its inputs and outputs.
struct file_facts {
  model_meaning named{};               ///< metadata, encoders, and the features' names
  std::vector<class_labels> classes{}; ///< lists that a label may come from: of nodes in their order
};

/// Reads them from the bytes of an ONNX file. Fails where the file keeps values in other files: these could be any on
/// this machine.
core::result<file_facts> read_facts(std::string_view bytes);

} // namespace weir::models
