#include "models/graph/affine.hpp"
#include "models/graph/elementwise.hpp"
#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// A constant as numbers of one type.
template <class T>
core::result<std::vector<T>> numbers_of(const node& from, const tensor& value) {
  if (value.is_constant())
    if (const auto* numbers = std::get_if<std::vector<T>>(value.constant.get()))
      return *numbers;
  return fail("a factor of operator '" + from.op() + "' is neither the same for all rows nor of the type of the other");
}

template <class T>
std::vector<T> transposed(const std::vector<T>& values, std::size_t rows, std::size_t columns) {
  std::vector<T> made(values.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c)
      made[c * rows + r] = values[r * columns + c];
  return made;
}

/// Both factors are the same for all rows.
template <class T>
tensors multiply_constants(const node& from) {
  const auto& a = from.input(0);
  const auto& b = from.input(1);
  if (a.shape.size() > 2 || b.shape.size() > 2 || a.shape.empty() || b.shape.empty()
      || a.shape.back() != b.shape.front())
    return fail("a MatMul of " + text_of(a.shape) + " and " + text_of(b.shape) + " is not supported");
  const auto left = numbers_of<T>(from, a);
  const auto right = numbers_of<T>(from, b);
  if (!left || !right)
    return tl::unexpected{(left ? right : left).error()};
  const auto inner = static_cast<std::size_t>(a.shape.back());
  const auto rows = a.shape.size() == 2 ? static_cast<std::size_t>(a.shape[0]) : 1;
  const auto columns = b.shape.size() == 2 ? static_cast<std::size_t>(b.shape[1]) : 1;
  tensor_shape shape;
  if (a.shape.size() == 2)
    shape.push_back(a.shape[0]);
  if (b.shape.size() == 2)
    shape.push_back(b.shape[1]);
  if (auto good = check_shape(shape); !good)
    return tl::unexpected{good.error()};
  std::vector<T> made(rows * columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t i = 0; i < inner; ++i)
      for (std::size_t c = 0; c < columns; ++c)
        made[r * columns + c] += (*left)[r * inner + i] * (*right)[i * columns + c];
  return std::vector{make_constant(std::move(shape), std::move(made))};
}

/// A factor with rows, times one that is the same for all: each group of columns along the last axis by itself.
template <class T>
tensors multiply_rows(const node& from) {
  const auto& a = from.input(0);
  const auto& b = from.input(1);
  if (b.shape.size() > 2 || b.shape.empty() || a.shape.empty() || a.shape.back() == rows_axis
      || a.shape.back() != b.shape.front())
    return fail("a MatMul of " + text_of(a.shape) + " and " + text_of(b.shape) + " is not supported");
  auto weights = numbers_of<T>(from, b);
  if (!weights)
    return tl::unexpected{weights.error()};
  const auto inner = static_cast<std::size_t>(a.shape.back());
  const auto count = b.shape.size() == 2 ? static_cast<std::size_t>(b.shape[1]) : 1;
  auto shape = a.shape;
  shape.pop_back();
  if (b.shape.size() == 2)
    shape.push_back(b.shape[1]);
  if (auto good = check_shape(shape); !good)
    return tl::unexpected{good.error()};
  if (inner == 0)
    return fail("a MatMul over no columns");
  const auto by_result = transposed(*weights, inner, count);
  tensor made{a.type, std::move(shape)};
  for (std::size_t group = 0; group < a.columns.size() / inner; ++group) {
    const auto begin = a.columns.begin() + static_cast<std::ptrdiff_t>(group * inner);
    const auto columns =
        affine_columns<T>(from.program(), {begin, begin + static_cast<std::ptrdiff_t>(inner)}, by_result, {});
    made.columns.insert(made.columns.end(), columns.begin(), columns.end());
  }
  return std::vector{std::move(made)};
}

/// A factor that is the same for all rows, times one whose last axis are the rows.
template <class T>
tensors multiply_by_rows(const node& from) {
  const auto& a = from.input(0);
  const auto& b = from.input(1);
  if (a.shape.size() != 2 || b.shape.size() != 2 || b.shape[1] != rows_axis || a.shape[1] != b.shape[0])
    return fail("a MatMul of " + text_of(a.shape) + " and " + text_of(b.shape) + " is not supported");
  auto weights = numbers_of<T>(from, a);
  if (!weights)
    return tl::unexpected{weights.error()};
  tensor made{a.type, {a.shape[0], rows_axis}};
  made.columns = affine_columns<T>(from.program(), b.columns, *std::move(weights), {});
  return std::vector{std::move(made)};
}

tensors multiply(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  const auto& a = from.input(0);
  const auto& b = from.input(1);
  return with_type(a.type, [&]<class T>() -> tensors {
    if constexpr (std::is_floating_point_v<T>) {
      if (a.type != b.type)
        return fail("a MatMul of " + std::string{name_of(a.type)} + " and " + std::string{name_of(b.type)});
      if (b.is_constant())
        return a.is_constant() ? multiply_constants<T>(from) : multiply_rows<T>(from);
      if (a.is_constant())
        return multiply_by_rows<T>(from);
      return fail("a MatMul of two values of a row is not supported");
    } else {
      return fail("a MatMul of type " + std::string{name_of(a.type)} + " is not supported");
    }
  });
}

/// alpha * A * B + beta * C
template <class T>
tensors affine(node& from) {
  const auto alpha = static_cast<T>(from.number("alpha", 1));
  const auto beta = static_cast<T>(from.number("beta", 1));
  const auto transposes_a = from.integer("transA", 0) != 0;
  const auto transposes_b = from.integer("transB", 0) != 0;
  const auto& a = from.input(0);
  const auto& b = from.input(1);
  if (a.shape.size() != 2 || b.shape.size() != 2 || a.is_constant() || transposes_a != (a.shape[1] == rows_axis))
    return fail("a Gemm of " + text_of(a.shape) + " and " + text_of(b.shape) + " is not supported");
  auto weights = numbers_of<T>(from, b);
  if (!weights)
    return tl::unexpected{weights.error()};
  const auto inner = static_cast<std::size_t>(b.shape[transposes_b ? 1 : 0]);
  const auto count = static_cast<std::size_t>(b.shape[transposes_b ? 0 : 1]);
  if (inner != a.columns.size() || inner == 0)
    return fail("a Gemm of " + text_of(a.shape) + " and " + text_of(b.shape) + " does not fit");
  if (!transposes_b)
    weights = transposed(*weights, inner, count);
  for (auto& w : *weights)
    w *= alpha;
  const tensor_shape shape{rows_axis, static_cast<std::int64_t>(count)};
  std::vector<T> bias;
  if (from.has_input(2) && from.input(2).is_constant()) {
    const auto values = numbers_of<T>(from, from.input(2));
    if (!values)
      return tl::unexpected{values.error()};
    const auto at = stretch(from.input(2).shape, shape);
    if (!at)
      return tl::unexpected{at.error()};
    for (const auto i : *at)
      bias.push_back(beta * (*values)[i]);
  }
  tensor made{a.type, shape};
  made.columns = affine_columns<T>(from.program(), a.columns, *std::move(weights), std::move(bias));
  if (from.has_input(2) && !from.input(2).is_constant()) {
    if (from.input(2).type != a.type)
      return fail("a Gemm adds a value of type " + std::string{name_of(from.input(2).type)});
    const auto more = stretched_columns(from.program(), from.input(2), shape);
    if (!more)
      return tl::unexpected{more.error()};
    made.columns = zip_columns<T, T, T>(from.program(), made.columns, *more, [beta](T x, T y) { return x + beta * y; });
  }
  return std::vector{std::move(made)};
}

tensors gemm(node& from) {
  if (auto good = from.expect_inputs(2, 3); !good)
    return tl::unexpected{good.error()};
  switch (from.input(0).type) {
  case element::f32: return affine<float>(from);
  case element::f64: return affine<double>(from);
  default: return fail("a Gemm of type " + std::string{name_of(from.input(0).type)} + " is not supported");
  }
}

constexpr std::array all{
    onnx_operator{"Gemm", "ai.onnx", "a matrix product and a sum: a layer of a network", gemm},
    onnx_operator{"MatMul", "ai.onnx", "a matrix product; one factor is the same for all rows", multiply},
};

} // namespace

constexpr operator_family operators::matrices{all};

} // namespace weir::models
