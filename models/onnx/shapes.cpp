#include "models/graph/elementwise.hpp"
#include "models/onnx/axes.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// The same columns under another shape.
tensor reshaped(const node& from, tensor_shape shape) {
  auto made = from.input(0);
  made.shape = std::move(shape);
  return made;
}

/// Lengths of the axes before the rows and behind them: what a new shape must keep, so that a row stays one.
struct sides {
  std::int64_t before = 1;
  std::int64_t behind = 1;
  bool operator==(const sides&) const = default;
};

sides sides_of(const tensor_shape& shape, std::size_t rows) {
  const auto product = [](auto begin, auto end) {
    return std::accumulate(begin, end, std::int64_t{1}, std::multiplies<>{});
  };
  const auto at = shape.begin() + static_cast<std::ptrdiff_t>(rows);
  return {product(shape.begin(), at), product(at + 1, shape.end())};
}

/// The new shape, in which one -1 is what is left over; that may be the rows.
core::result<tensor_shape> reshape_to(const tensor_shape& old, tensor_shape wanted) {
  const auto says = [&] { return "a Reshape from " + text_of(old) + " to " + text_of(wanted); };
  const auto open = std::find(wanted.begin(), wanted.end(), -1);
  if (std::any_of(wanted.begin(), wanted.end(), [](auto n) { return n < -1; })
      || std::count(wanted.begin(), wanted.end(), -1) > 1)
    return fail(says() + " is not supported");
  const auto old_rows = find_rows(old);
  if (!old_rows) {
    const auto count = static_cast<std::int64_t>(columns_of(old));
    const auto known = static_cast<std::int64_t>(columns_of(wanted));
    if (open != wanted.end() && known > 0)
      *open = count / known;
    if (static_cast<std::int64_t>(columns_of(wanted)) != count)
      return fail(says() + " is not possible");
    return wanted;
  }
  // So skl2onnx ends networks of several targets: the values are the same, row by row.
  if (wanted == tensor_shape{-1, 1} && *old_rows == 0 && columns_of(old) > 1)
    return old;
  if (open != wanted.end()
      && sides_of(wanted, static_cast<std::size_t>(open - wanted.begin())) == sides_of(old, *old_rows))
    return wanted;
  return fail(says() + " mixes rows");
}

tensors reshape(node& from) {
  if (auto good = from.expect_inputs(1, 2); !good)
    return tl::unexpected{good.error()};
  auto wanted = from.integers("shape");
  const auto copies_zero = from.integer("allowzero", 0) == 0;
  const auto as_input = from.constant_integers(1);
  if (!as_input)
    return tl::unexpected{as_input.error()};
  if (*as_input)
    wanted = **as_input;
  const auto& old = from.input(0).shape;
  for (std::size_t i = 0; i < wanted.size() && copies_zero; ++i)
    if (wanted[i] == 0 && i < old.size())
      wanted[i] = old[i];
  // Two -1: one is the number of rows, copied or from a Shape, the other what is left over of the columns.
  if (std::count(wanted.begin(), wanted.end(), -1) == 2) {
    std::int64_t known = 1;
    std::size_t open = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (wanted[i] != -1)
        known *= wanted[i];
      else if (i >= old.size() || old[i] != rows_axis)
        open = i;
    if (known > 0)
      wanted[open] = static_cast<std::int64_t>(columns_of(old)) / known;
  }
  return reshape_to(old, std::move(wanted)).map([&](tensor_shape&& shape) {
    return std::vector{reshaped(from, std::move(shape))};
  });
}

tensors flatten(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& old = from.input(0).shape;
  const auto axis = std::clamp<std::int64_t>(from.integer("axis", 1), -static_cast<std::int64_t>(old.size()),
                                             static_cast<std::int64_t>(old.size()));
  const auto at = old.begin() + (axis < 0 ? axis + static_cast<std::ptrdiff_t>(old.size()) : axis);
  const auto length = [](auto begin, auto end) {
    const auto has_rows = std::find(begin, end, rows_axis) != end;
    const auto product = static_cast<std::int64_t>(columns_of({begin, end}));
    return has_rows ? (product == 1 ? rows_axis : std::int64_t{-2}) : product;
  };
  const tensor_shape shape{length(old.begin(), at), length(at, old.end())};
  if (shape[0] == -2 || shape[1] == -2)
    return fail("a Flatten of " + text_of(old) + " mixes rows");
  return std::vector{reshaped(from, shape)};
}

tensors squeeze(node& from) {
  if (auto good = from.expect_inputs(1, 2); !good)
    return tl::unexpected{good.error()};
  const auto& old = from.input(0).shape;
  auto axes = axes_of(from, 1, 13, old.size());
  if (!axes)
    return tl::unexpected{axes.error()};
  tensor_shape shape;
  for (std::size_t axis = 0; axis < old.size(); ++axis) {
    const auto is_named = std::binary_search(axes->begin(), axes->end(), axis);
    if (is_named && old[axis] != 1)
      return fail("a Squeeze of axis " + std::to_string(axis) + " of " + text_of(old));
    if (!is_named && (!axes->empty() || old[axis] != 1))
      shape.push_back(old[axis]);
  }
  return std::vector{reshaped(from, std::move(shape))};
}

tensors unsqueeze(node& from) {
  if (auto good = from.expect_inputs(1, 2); !good)
    return tl::unexpected{good.error()};
  auto given = from.integers("axes");
  const auto as_input = from.constant_integers(1);
  if (!as_input)
    return tl::unexpected{as_input.error()};
  if (*as_input)
    given = **as_input;
  const auto& old = from.input(0).shape;
  const auto size = old.size() + given.size();
  std::set<std::size_t> added;
  for (const auto one : given) {
    const auto axis = axis_of(from, one, size);
    if (!axis)
      return tl::unexpected{axis.error()};
    added.insert(*axis);
  }
  if (added.size() != given.size())
    return fail("operator 'Unsqueeze' names an axis twice");
  tensor_shape shape;
  for (std::size_t axis = 0, next = 0; axis < size; ++axis)
    shape.push_back(added.contains(axis) ? 1 : old[next++]);
  return std::vector{reshaped(from, std::move(shape))};
}

tensors transpose(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& old = from.input(0).shape;
  std::vector<std::size_t> order(old.size());
  std::iota(order.rbegin(), order.rend(), std::size_t{0});
  if (const auto given = from.integers("perm"); !given.empty()) {
    if (given.size() != old.size())
      return fail("a Transpose of " + text_of(old) + " orders " + std::to_string(given.size()) + " axes");
    for (std::size_t i = 0; i < given.size(); ++i) {
      const auto axis = axis_of(from, given[i], old.size());
      if (!axis)
        return tl::unexpected{axis.error()};
      order[i] = *axis;
    }
  }
  if (std::set<std::size_t>{order.begin(), order.end()}.size() != old.size())
    return fail("a Transpose names an axis twice");
  std::vector<std::size_t> steps(old.size(), 0);
  std::size_t step = 1;
  for (auto axis = old.size(); axis-- > 0;) {
    steps[axis] = step;
    step *= old[axis] == rows_axis ? 1 : static_cast<std::size_t>(old[axis]);
  }
  tensor_shape shape;
  std::vector<std::size_t> which{0};
  for (const auto axis : order) {
    shape.push_back(old[axis]);
    std::vector<std::size_t> next;
    for (const auto at : which)
      for (std::int64_t i = 0; i < (old[axis] == rows_axis ? 1 : old[axis]); ++i)
        next.push_back(at + static_cast<std::size_t>(i) * steps[axis]);
    which = std::move(next);
  }
  return std::vector{picked(from, std::move(shape), which)};
}

tensors expand(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  const auto lengths = from.constant_integers(1);
  if (!lengths)
    return tl::unexpected{lengths.error()};
  const auto shape = common_shape(from.input(0).shape, {(*lengths)->begin(), (*lengths)->end()});
  if (!shape)
    return tl::unexpected{shape.error()};
  return stretched_columns(from.program(), from.input(0), *shape).map([&](registers&& columns) {
    return std::vector{tensor{from.input(0).type, *shape, std::move(columns)}};
  });
}

constexpr std::array all{
    onnx_operator{"Expand", "ai.onnx", "repeats values along axes", expand},
    onnx_operator{"Flatten", "ai.onnx", "all columns on one axis", flatten},
    onnx_operator{"Reshape", "ai.onnx", "the same columns on other axes", reshape},
    onnx_operator{"Squeeze", "ai.onnx", "takes axes of length 1 away", squeeze},
    onnx_operator{"Transpose", "ai.onnx", "axes in another order", transpose},
    onnx_operator{"Unsqueeze", "ai.onnx", "adds axes of length 1", unsqueeze},
};

} // namespace

constexpr operator_family operators::shapes{all};

} // namespace weir::models
