#pragma once

#include "core/base/result.hpp"
#include "models/graph/program.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir::models {

/// The length of each axis of a tensor. One of them may be the rows of a block, whose number is not known.
using tensor_shape = std::vector<std::int64_t>;
inline constexpr std::int64_t rows_axis = -1;

/// Where the rows are among the axes; nothing where the tensor is the same for all rows.
std::optional<std::size_t> find_rows(const tensor_shape& shape) noexcept;

/// Elements of a row: the product of the other axes.
std::size_t columns_of(const tensor_shape& shape) noexcept;

/// Bounds what a broken file can ask for: no negative length, rows on one axis at most, and no more columns than a
/// program has registers.
core::result<void> check_shape(const tensor_shape& shape);

/// `[rows, 3]`
std::string text_of(const tensor_shape& shape);

/// Names of classes, in the order of their probabilities.
using class_labels = std::variant<std::vector<std::int64_t>, std::vector<std::string>>;

inline std::size_t size_of(const class_labels& labels) noexcept {
  return std::visit([](const auto& values) { return values.size(); }, labels);
}

/// Values that a file brings along, in the order of their axes.
using constant_values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>,
                                     std::vector<bool>, std::vector<std::string>>;

element type_of(const constant_values& values) noexcept;

inline std::size_t size_of(const constant_values& values) noexcept {
  return std::visit([](const auto& all) { return all.size(); }, values);
}

/// What is known of a value on its way from node to node of a graph: the registers of its columns, in the order of the
/// axes beside the rows, or its constant values.
struct tensor {
  element type = element::f32;
  tensor_shape shape{};
  registers columns{};                               ///< of a constant: empty
  std::shared_ptr<const constant_values> constant{}; ///< null: it has rows
  registers exact{};                                 ///< the columns in double, where they were rounded to float last
  std::shared_ptr<const class_labels> labels{}; ///< of a classifier's label and probabilities, where they are known

  bool is_constant() const noexcept { return constant != nullptr; }
};

tensor make_constant(tensor_shape shape, constant_values values);

/// The columns of a tensor; those of a constant are made, and have the same value in each row.
registers columns_in(program_builder& program, const tensor& of);

/// Where each column of a tensor of shape `wanted` stands among those of one of shape `from`, which is stretched to it
/// as ONNX and numpy do. Fails when it cannot be, or when rows would meet other axes.
core::result<std::vector<std::size_t>> stretch(const tensor_shape& from, const tensor_shape& wanted);

/// The shape to which both can be stretched.
core::result<tensor_shape> common_shape(const tensor_shape& a, const tensor_shape& b);

} // namespace weir::models
