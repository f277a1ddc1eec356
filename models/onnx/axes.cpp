#include "models/onnx/axes.hpp"

#include "models/graph/elementwise.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace weir::models {

using core::fail;

core::result<std::size_t> axis_of(const node& from, std::int64_t given, std::size_t axes) {
  const auto count = static_cast<std::int64_t>(axes);
  if (given < -count || given >= count)
    return fail("operator '" + from.op() + "' has axis " + std::to_string(given) + " of a tensor with "
                + std::to_string(axes) + " axes");
  return static_cast<std::size_t>(given < 0 ? given + count : given);
}

core::result<std::vector<std::size_t>> axes_of(node& from, std::size_t input, std::int64_t since, std::size_t axes) {
  auto given = from.integers("axes");
  if (from.version() >= since) {
    const auto as_input = from.constant_integers(input);
    if (!as_input)
      return tl::unexpected{as_input.error()};
    given = as_input->value_or(std::vector<std::int64_t>{});
  }
  std::vector<std::size_t> made;
  for (const auto one : given) {
    const auto axis = axis_of(from, one, axes);
    if (!axis)
      return tl::unexpected{axis.error()};
    made.push_back(*axis);
  }
  std::sort(made.begin(), made.end());
  if (std::adjacent_find(made.begin(), made.end()) != made.end())
    return fail("operator '" + from.op() + "' names an axis twice");
  return made;
}

core::result<column_groups> group_columns(const node& from, const tensor_shape& shape,
                                          std::span<const std::size_t> axes, bool keeps_axes) {
  const auto is_inside = [&](std::size_t axis) { return std::find(axes.begin(), axes.end(), axis) != axes.end(); };
  column_groups made;
  // steps of the columns along each axis
  std::vector<std::size_t> steps(shape.size(), 0);
  std::size_t step = 1;
  for (auto axis = shape.size(); axis-- > 0;) {
    steps[axis] = step;
    if (shape[axis] != rows_axis)
      step *= static_cast<std::size_t>(shape[axis]);
    else if (is_inside(axis))
      return fail("operator '" + from.op() + "' mixes rows");
  }
  const auto spread = [&](std::vector<std::size_t> at, bool inside) {
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if (shape[axis] == rows_axis || is_inside(axis) != inside)
        continue;
      std::vector<std::size_t> next;
      next.reserve(at.size() * static_cast<std::size_t>(shape[axis]));
      for (const auto one : at)
        for (std::int64_t i = 0; i < shape[axis]; ++i)
          next.push_back(one + static_cast<std::size_t>(i) * steps[axis]);
      at = std::move(next);
    }
    return at;
  };
  const auto begins = spread({0}, false);
  const auto members = spread({0}, true);
  made.count = begins.size();
  made.order.reserve(begins.size() * members.size());
  for (const auto begin : begins)
    for (const auto member : members)
      made.order.push_back(begin + member);
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (!is_inside(axis))
      made.shape.push_back(shape[axis]);
    else if (keeps_axes)
      made.shape.push_back(1);
  return made;
}

core::result<registers> grouped_columns(const node& from, const tensor& of, const column_groups& groups) {
  if (groups.order.empty() || of.type == element::text || of.type == element::boolean)
    return fail("operator '" + from.op() + "' over " + text_of(of.shape) + " of type " + std::string{name_of(of.type)});
  const auto columns = columns_in(from.program(), of);
  registers made;
  for (const auto at : groups.order)
    made.push_back(columns[at]);
  return made;
}

core::result<paired_columns> pair_up(const node& from, const tensor& a, const tensor& b) {
  if (a.type != b.type)
    return fail("operator '" + from.op() + "' gets " + std::string{name_of(a.type)} + " and "
                + std::string{name_of(b.type)});
  auto shape = common_shape(a.shape, b.shape);
  if (!shape)
    return tl::unexpected{shape.error()};
  auto left = stretched_columns(from.program(), a, *shape);
  auto right = stretched_columns(from.program(), b, *shape);
  if (!left || !right)
    return tl::unexpected{(left ? right : left).error()};
  return paired_columns{*std::move(shape), *std::move(left), *std::move(right)};
}

tensor picked(const node& from, tensor_shape shape, const std::vector<std::size_t>& which) {
  const auto& of = from.input(0);
  const auto all = columns_in(from.program(), of);
  tensor made{of.type, std::move(shape)};
  for (const auto i : which) {
    made.columns.push_back(all[i]);
    if (!of.exact.empty())
      made.exact.push_back(of.exact[i]);
  }
  return made;
}

} // namespace weir::models
