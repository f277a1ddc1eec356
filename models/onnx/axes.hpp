#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"
#include "models/onnx/node.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::models {

/// An axis as a node gives it, counted from the end where it is negative. Fails when there is none.
core::result<std::size_t> axis_of(const node& from, std::int64_t given, std::size_t axes);

/// The axes of a node: an attribute up to a version of the operator's set, an input from there on. In ascending order,
/// each once; empty: none are given.
/// @param since the version in which they became an input @param axes of the tensor that they belong to
core::result<std::vector<std::size_t>> axes_of(node& from, std::size_t input, std::int64_t since, std::size_t axes);

/// The columns of a tensor as groups along some axes: those of a group stand one after the other.
struct column_groups {
  tensor_shape shape;             ///< of the groups: without the axes, or with 1 in their place
  std::vector<std::size_t> order; ///< columns of the tensor, group by group
  std::size_t count = 0;          ///< of the groups
};

/// Fails when the rows are among the axes.
core::result<column_groups> group_columns(const node& from, const tensor_shape& shape,
                                          std::span<const std::size_t> axes, bool keeps_axes);

/// The columns of a tensor of numbers, group by group. Fails when it has none, or holds something else.
core::result<registers> grouped_columns(const node& from, const tensor& of, const column_groups& groups);

/// Columns of two inputs, stretched to one shape.
struct paired_columns {
  tensor_shape shape;
  registers a;
  registers b;
};

/// Fails when they are of different types, or do not fit.
core::result<paired_columns> pair_up(const node& from, const tensor& a, const tensor& b);

/// Some columns of the node's first input, in that order.
tensor picked(const node& from, tensor_shape shape, const std::vector<std::size_t>& which);

} // namespace weir::models
