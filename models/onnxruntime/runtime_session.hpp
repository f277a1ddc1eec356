#pragma once

#include "core/base/result.hpp"
#include "models/graph/element.hpp"
#include "models/onnxruntime/runtime_library.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// A tensor that a graph takes or gives, with a row for each row of a block.
struct runtime_tensor {
  std::string name;
  ort::element_type type;
  element is;                           ///< how weir holds it
  std::vector<std::int64_t> shape{};    ///< as the file says, rows first; negative: open
  bool has_shape = false;               ///< false: the file says none
  std::optional<std::size_t> columns{}; ///< of a row; nothing: the file leaves that open

  /// Of an input: that of a block of rows.
  std::vector<std::int64_t> shape_of(std::size_t rows, std::size_t width) const;
};

/// Releases what ONNX Runtime has made.
template <class T>
using runtime_handle = std::unique_ptr<T, void (*)(T*) noexcept>;

using runtime_value = runtime_handle<ort::value>;

/// A graph that ONNX Runtime has loaded. Immutable, shared by threads; a call is computed by the thread that calls.
class runtime_session {
public:
  /// Fails where ONNX Runtime does not take the bytes, and where a tensor is not one that weir takes.
  static core::result<runtime_session> open(const runtime_library& by, std::string_view bytes);

  const std::vector<runtime_tensor>& inputs() const noexcept { return inputs_; }
  const std::vector<runtime_tensor>& outputs() const noexcept { return outputs_; }

  /// A tensor over numbers that stand somewhere, row by row, and outlive it. @pre `data` has as many as the shape says
  core::result<runtime_value> view(const runtime_tensor& as, const std::vector<std::int64_t>& shape, void* data,
                                   std::size_t bytes) const;

  /// A tensor of texts, which are copied, row by row. @pre as many as the shape says
  core::result<runtime_value> make_texts(const std::vector<std::int64_t>& shape,
                                         const std::vector<const char*>& texts) const;

  /// Computes all outputs. @param inputs a value for each, in their order
  core::result<std::vector<runtime_value>> run(const std::vector<runtime_value>& inputs) const;

  /// Elements of each of the rows that an output has. Fails where it has another type than the file says, or not as
  /// many rows.
  core::result<std::size_t> columns_of(const runtime_value& made, const runtime_tensor& as, std::size_t rows) const;

  /// Its numbers, row by row.
  core::result<const void*> numbers_of(const runtime_value& made) const;

  /// Its texts, row by row: views into `memory`. @param count of elements
  core::result<std::vector<std::string_view>> texts_of(const runtime_value& made, std::size_t count,
                                                       std::vector<char>& memory) const;

private:
  runtime_session(const runtime_library& by, ort::session* from) :
      by_{&by}, session_{from, by.functions().release_session} {}

  core::result<void> describe();
  core::result<runtime_tensor> describe(std::size_t index, bool is_input) const;
  core::result<void> read_shape(const ort::tensor_info* from, runtime_tensor& into) const;

  const runtime_library* by_;
  runtime_handle<ort::session> session_;
  std::vector<runtime_tensor> inputs_;
  std::vector<runtime_tensor> outputs_;
  std::vector<const char*> input_names_;
  std::vector<const char*> output_names_;
};

} // namespace weir::models
