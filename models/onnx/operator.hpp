#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace onnx {
class NodeProto;
}

namespace weir::models {

class node;

/// An operator of ONNX: what a node of it makes of its inputs. An operator is one file, or shares one with its like.
struct onnx_operator {
  std::string_view name;   ///< as files write it: `Cast`
  std::string_view domain; ///< `ai.onnx` or `ai.onnx.ml`
  std::string_view help;   ///< one line, lower case, no full stop

  /// The node's outputs, in their order; adds the steps that fill them to the node's program. Fails when weir could not
  /// compute what the node says. The node is not trusted: any attribute may be missing, or of another type.
  core::result<std::vector<tensor>> (*read)(node& from);
};

/// Those of one file.
using operator_family = std::span<const onnx_operator>;

namespace operators {

// One line a file, here and in the table of operators.cpp.
extern const operator_family arguments;      // ArgMax ...
extern const operator_family arithmetic;     // Add, Exp ...
extern const operator_family cast;           // Cast
extern const operator_family comparison;     // Less, Where ...
extern const operator_family constants;      // Constant, Shape ...
extern const operator_family encoders;       // LabelEncoder, OneHotEncoder ...
extern const operator_family linear;         // LinearRegressor, LinearClassifier
extern const operator_family matrices;       // MatMul, Gemm
extern const operator_family normalizing;    // Softmax, Normalizer ...
extern const operator_family reductions;     // ReduceSum ...
extern const operator_family scaling;        // Scaler, Imputer, Binarizer
extern const operator_family selection;      // Concat, Gather ...: columns in another order
extern const operator_family shapes;         // Reshape ...: the same columns on other axes
extern const operator_family svm;            // SVMRegressor, SVMClassifier
extern const operator_family tree_ensembles; // TreeEnsembleRegressor, TreeEnsembleClassifier
extern const operator_family tree_lists;     // TreeEnsemble
extern const operator_family zip_map;        // ZipMap

} // namespace operators

/// All of them, by their names.
const std::vector<const onnx_operator*>& onnx_operators();

/// The one that the node names. Fails when there is none of that name, or in another domain.
core::result<const onnx_operator*> find_operator(const onnx::NodeProto& node);

} // namespace weir::models
