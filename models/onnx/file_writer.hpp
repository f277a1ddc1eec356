#pragma once

#include "models/graph/tensor.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace onnx {
class ModelProto;
class NodeProto;
} // namespace onnx

namespace weir::models {

/// An attribute of a node: `{"post_transform", "SOFTMAX"}`.
struct attribute {
  std::string_view name;
  std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>,
               std::vector<std::string>>
      value;
};

/// Writes an ONNX file, node by node, in the oldest version that knows all that it writes: readers of any age load it.
class file_writer {
public:
  file_writer();
  ~file_writer();
  file_writer(const file_writer&) = delete;
  file_writer& operator=(const file_writer&) = delete;

  /// Rows of so many columns.
  void input(std::string_view name, element type, std::size_t columns);
  /// @param columns 0: one value a row, without an axis of its own
  void output(std::string_view name, element type, std::size_t columns);

  /// A list of numbers that nodes may read.
  void constant(std::string_view name, const std::vector<float>& values);
  /// A tensor that nodes may read. @pre it has as many values as its shape says, which are no truth values
  void constant(std::string_view name, const tensor_shape& shape, const constant_values& values);

  /// @param op one of onnx_operators()
  void node(std::string_view op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
            const std::vector<attribute>& attributes = {});

  void metadata(std::string_view key, std::string value);

  std::string bytes() const;

private:
  std::unique_ptr<onnx::ModelProto> file_;
};

} // namespace weir::models
