#pragma once

#include "core/base/result.hpp"
#include "models/onnx/graph_value.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace onnx {
class NodeProto;
}

namespace weir::models {

/// An operator of ONNX: what a node of it makes of its inputs. An operator is one file, or shares one with its like.
struct onnx_operator {
  std::string_view name;   ///< as files write it: `Cast`
  std::string_view domain; ///< `ai.onnx` or `ai.onnx.ml`
  std::string_view help;   ///< one line, lower case, no full stop

  /// What is known of the node's outputs, in their order, when this is known of its inputs. Fails when weir could not
  /// score exactly as the node says. The node is not trusted: any attribute may be missing, or of another type.
  core::result<std::vector<graph_value>> (*read)(const onnx::NodeProto& node, std::span<const graph_value> inputs);
};

namespace operators {

// One line an operator, here and in the table of operators.cpp.
extern const onnx_operator cast;
extern const onnx_operator identity;
extern const onnx_operator tree_ensemble_classifier;
extern const onnx_operator tree_ensemble_regressor;
extern const onnx_operator zip_map;

} // namespace operators

/// All of them, by their names.
std::span<const onnx_operator* const> onnx_operators() noexcept;

/// The one that the node names. Fails when there is none of that name, or in another domain.
core::result<const onnx_operator*> find_operator(const onnx::NodeProto& node);

} // namespace weir::models
