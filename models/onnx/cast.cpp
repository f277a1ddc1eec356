#include "models/graph/elementwise.hpp"
#include "models/onnx/element_type.hpp"
#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

#include <array>
#include <string>

namespace weir::models {

namespace {

using core::fail;

core::result<std::vector<tensor>> read(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto number = from.integer("to", 0);
  const auto to = element_of_onnx(number);
  const auto& in = from.input(0);
  if (!to || (*to == element::text) != (in.type == element::text))
    return fail("a Cast from " + std::string{name_of(in.type)} + " to type " + std::to_string(number)
                + " is not supported");
  if (in.type == *to)
    return std::vector{in};
  auto made = converted(from.program(), in, *to);
  return std::vector{std::move(made)};
}

constexpr std::array all{onnx_operator{"Cast", "ai.onnx", "the same values as another type", read}};

} // namespace

constexpr operator_family operators::cast{all};

} // namespace weir::models
