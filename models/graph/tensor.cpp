#include "models/graph/tensor.hpp"

#include <algorithm>
#include <optional>

namespace weir::models {

using core::fail;

std::optional<std::size_t> find_rows(const tensor_shape& shape) noexcept {
  const auto at = std::find(shape.begin(), shape.end(), rows_axis);
  return at == shape.end() ? std::nullopt : std::optional{static_cast<std::size_t>(at - shape.begin())};
}

std::size_t columns_of(const tensor_shape& shape) noexcept {
  std::size_t count = 1;
  for (const auto length : shape)
    if (length != rows_axis)
      count *= static_cast<std::size_t>(length);
  return count;
}

core::result<void> check_shape(const tensor_shape& shape) {
  std::size_t count = 1;
  bool has_rows = false;
  for (const auto length : shape) {
    if (length < rows_axis || (length == rows_axis && has_rows))
      return fail("no tensor has the shape " + text_of(shape));
    has_rows = has_rows || length == rows_axis;
    if (length > 0 && count > program_builder::max_registers / static_cast<std::size_t>(length))
      return fail("a tensor of shape " + text_of(shape) + " is too large");
    count *= length == rows_axis ? 1 : static_cast<std::size_t>(length);
  }
  return {};
}

std::string text_of(const tensor_shape& shape) {
  std::string text = "[";
  for (const auto length : shape)
    text += (text.size() > 1 ? ", " : "") + (length == rows_axis ? "rows" : std::to_string(length));
  return text + "]";
}

element type_of(const constant_values& values) noexcept {
  constexpr element types[] = {element::f32, element::f64, element::i64, element::boolean, element::text};
  return types[values.index()];
}

tensor make_constant(tensor_shape shape, constant_values values) {
  tensor made;
  made.type = type_of(values);
  made.shape = std::move(shape);
  made.constant = std::make_shared<const constant_values>(std::move(values));
  return made;
}

registers columns_in(program_builder& program, const tensor& of) {
  if (!of.is_constant())
    return of.columns;
  registers made;
  std::visit(
      [&]<class T>(const std::vector<T>& values) {
        made.reserve(values.size());
        for (std::size_t i = 0; i < values.size() && !program.is_full(); ++i)
          if constexpr (std::is_same_v<T, std::string>)
            made.push_back(program.constant(std::string_view{values[i]}));
          else
            made.push_back(program.constant(static_cast<T>(values[i])));
        made.resize(values.size());
      },
      *of.constant);
  return made;
}

core::result<tensor_shape> common_shape(const tensor_shape& a, const tensor_shape& b) {
  const auto axes = std::max(a.size(), b.size());
  tensor_shape made(axes, 1);
  for (std::size_t i = 0; i < axes; ++i) {
    const auto of_a = i < a.size() ? a[a.size() - 1 - i] : 1;
    const auto of_b = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (of_a != of_b && of_a != 1 && of_b != 1)
      return fail("shapes " + text_of(a) + " and " + text_of(b) + " do not fit");
    made[axes - 1 - i] = of_a == 1 ? of_b : of_a;
  }
  if (std::count(made.begin(), made.end(), rows_axis) > 1)
    return fail("shapes " + text_of(a) + " and " + text_of(b) + " would mix rows");
  return check_shape(made).map([&] { return made; });
}

core::result<std::vector<std::size_t>> stretch(const tensor_shape& from, const tensor_shape& wanted) {
  if (const auto both = common_shape(from, wanted); !both || *both != wanted)
    return fail("shape " + text_of(from) + " does not fit " + text_of(wanted));
  // steps in `from` for each axis of `wanted`; 0 where it has length 1, and for the rows
  std::vector<std::size_t> steps(wanted.size(), 0);
  std::size_t step = 1;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto length = from[from.size() - 1 - i];
    if (length == rows_axis)
      continue;
    if (length != 1)
      steps[wanted.size() - 1 - i] = step;
    step *= static_cast<std::size_t>(length);
  }
  std::vector<std::size_t> made{0};
  for (std::size_t axis = 0; axis < wanted.size(); ++axis) {
    if (wanted[axis] == rows_axis || wanted[axis] == 1)
      continue;
    std::vector<std::size_t> next;
    next.reserve(made.size() * static_cast<std::size_t>(wanted[axis]));
    for (const auto at : made)
      for (std::int64_t i = 0; i < wanted[axis]; ++i)
        next.push_back(at + static_cast<std::size_t>(i) * steps[axis]);
    made = std::move(next);
  }
  return made;
}

} // namespace weir::models
