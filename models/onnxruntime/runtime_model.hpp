#pragma once

#include "models/model.hpp"
#include "models/onnxruntime/runtime_session.hpp"
#include "models/onnxruntime/text_pool.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace weir::models {

/// The only refusal of a runtime_model.
inline constexpr std::string_view runtime_refusal = "ONNX Runtime cannot compute the row";

/// A model that ONNX Runtime computes. Where it fails with a block, the rows are computed apart, and those that it
/// fails with are refused; so are texts with a zero byte, whole numbers that are too large for the input, and rows for
/// which the model makes a new text when it has made 16 MiB of them. Texts that it makes live as long as the model
/// does: they are labels, as a rule.
class runtime_model final : public model {
public:
  /// @param meaning features and outputs are the columns of the session's inputs and outputs, in their order
  /// @param input_columns of each input of the session @param output_columns of each output
  runtime_model(model_meaning meaning, model_identity who, runtime_session runs, std::vector<std::size_t> input_columns,
                std::vector<std::size_t> output_columns, std::size_t block_rows);

  std::size_t block_rows() const noexcept override { return block_rows_; }
  void predict(const void* const* features, std::size_t rows, const void** columns) const override;

private:
  struct scratch;

  core::result<void> compute(const void* const* features, std::size_t begin, std::size_t rows, scratch& in) const;
  void compute_apart(const void* const* features, std::size_t begin, std::size_t rows, scratch& in) const;
  core::result<runtime_value> gather(const runtime_tensor& input, std::size_t columns, const void* const* features,
                                     std::size_t begin, std::size_t rows, std::vector<std::byte>& into) const;
  core::result<void> scatter(const runtime_value& made, std::size_t output, std::size_t column, std::size_t begin,
                             std::size_t rows, scratch& in) const;

  runtime_session session_;
  std::vector<std::size_t> input_columns_;
  std::vector<std::size_t> output_columns_;
  std::size_t block_rows_;
  mutable text_pool texts_;
};

} // namespace weir::models
