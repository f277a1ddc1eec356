#include "models/onnx/constant.hpp"
#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

tensors read_value(node& from) {
  if (const auto value = from.constant("value"))
    return std::vector{*value};
  if (from.has("value_float"))
    return std::vector{make_constant({}, std::vector{from.number("value_float", 0)})};
  if (from.has("value_int"))
    return std::vector{make_constant({}, std::vector{from.integer("value_int", 0)})};
  if (from.has("value_string"))
    return std::vector{make_constant({}, std::vector{from.text("value_string")})};
  const auto list = [](auto values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return std::vector{make_constant({count}, std::move(values))};
  };
  if (from.has("value_floats"))
    return list(from.numbers("value_floats"));
  if (from.has("value_ints"))
    return list(from.integers("value_ints"));
  if (from.has("value_strings"))
    return list(from.texts("value_strings"));
  return fail("a Constant has no value");
}

/// The number of rows is not known: it is said as -1, which Reshape takes for "as many as there are".
tensors shape(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& of = from.input(0).shape;
  const auto axes = static_cast<std::int64_t>(of.size());
  const auto place = [&](std::int64_t given) {
    return static_cast<std::ptrdiff_t>(std::clamp<std::int64_t>(given < 0 ? given + axes : given, 0, axes));
  };
  const auto begin = place(from.integer("start", 0));
  const auto end = std::max(begin, place(from.integer("end", axes)));
  const std::vector<std::int64_t> lengths{of.begin() + begin, of.begin() + end};
  return std::vector{make_constant({static_cast<std::int64_t>(lengths.size())}, lengths)};
}

tensors of_shape(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto lengths = from.constant_integers(0);
  if (!lengths)
    return tl::unexpected{lengths.error()};
  tensor_shape shape{(*lengths)->begin(), (*lengths)->end()};
  if (auto good = check_shape(shape); !good)
    return tl::unexpected{good.error()};
  const auto value = from.constant("value").value_or(make_constant({1}, std::vector{0.0f}));
  if (size_of(*value.constant) != 1)
    return fail("the value of a ConstantOfShape is not one value");
  tensor made{value.type, shape};
  made.columns.assign(columns_of(shape), columns_in(from.program(), value).front());
  return std::vector{std::move(made)};
}

constexpr std::array all{
    onnx_operator{"Constant", "ai.onnx", "values that the file brings along", read_value},
    onnx_operator{"ConstantOfShape", "ai.onnx", "one value in every place", of_shape},
    onnx_operator{"Shape", "ai.onnx", "how long the axes are", shape},
};

} // namespace

constexpr operator_family operators::constants{all};

} // namespace weir::models
