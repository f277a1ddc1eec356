#include "models/graph/elementwise.hpp"
#include "models/graph/look_up.hpp"
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

tensors pass(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  return std::vector{from.input(0)};
}

/// In use it passes its input on.
tensors dropout(node& from) {
  if (auto good = from.expect_inputs(1, 3); !good)
    return tl::unexpected{good.error()};
  from.ignore("ratio");
  from.ignore("seed");
  return std::vector{from.input(0)};
}

/// How many columns there are behind an axis: a step along it. The rows do not count.
std::size_t columns_behind(const tensor_shape& shape, std::size_t axis) {
  return columns_of({shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, shape.end()});
}

tensors concat(node& from) {
  if (auto good = from.expect_inputs(1, std::max<std::size_t>(from.inputs(), 1)); !good)
    return tl::unexpected{good.error()};
  const auto axis = axis_of(from, from.integer("axis", 1), from.input(0).shape.size());
  if (!axis)
    return tl::unexpected{axis.error()};
  // A constant beside values with rows has to be given rows first, which only an Expand does.
  auto shape = from.input(0).shape;
  shape[*axis] = 0;
  std::size_t parts = 1;
  for (std::size_t i = 0; i < from.inputs(); ++i) {
    if (!from.has_input(i))
      return fail("a Concat lacks an input");
    auto other = from.input(i).shape;
    if (other.size() != shape.size() || from.input(i).type != from.input(0).type || other[*axis] == rows_axis)
      return fail("a Concat of " + text_of(from.input(0).shape) + " and " + text_of(other) + " is not supported");
    shape[*axis] += std::exchange(other[*axis], shape[*axis]);
    auto whole = shape;
    whole[*axis] = other[*axis];
    if (whole != other)
      return fail("a Concat of " + text_of(from.input(0).shape) + " and " + text_of(from.input(i).shape)
                  + " does not fit");
  }
  if (auto good = check_shape(shape); !good)
    return tl::unexpected{good.error()};
  for (std::size_t i = 0; i < *axis; ++i)
    parts *= shape[i] == rows_axis ? 1 : static_cast<std::size_t>(shape[i]);
  std::vector<registers> all;
  for (std::size_t i = 0; i < from.inputs(); ++i)
    all.push_back(columns_in(from.program(), from.input(i)));
  registers columns;
  for (std::size_t part = 0; part < parts; ++part)
    for (const auto& one : all) {
      const auto size = static_cast<std::ptrdiff_t>(one.size() / parts);
      const auto begin = one.begin() + static_cast<std::ptrdiff_t>(part) * size;
      columns.insert(columns.end(), begin, begin + size);
    }
  return std::vector{tensor{from.input(0).type, std::move(shape), std::move(columns)}};
}

/// Those columns whose index along an axis is one of `which`, in that order.
std::vector<std::size_t> along(const tensor_shape& shape, std::size_t axis, const std::vector<std::size_t>& which) {
  const auto behind = columns_behind(shape, axis);
  const auto length = static_cast<std::size_t>(shape[axis]);
  const auto parts = length == 0 ? 0 : columns_of(shape) / (length * std::max<std::size_t>(behind, 1));
  std::vector<std::size_t> made;
  for (std::size_t part = 0; part < parts; ++part)
    for (const auto i : which)
      for (std::size_t k = 0; k < behind; ++k)
        made.push_back((part * length + i) * behind + k);
  return made;
}

core::result<std::size_t> axis_without_rows(const node& from, std::int64_t given) {
  auto axis = axis_of(from, given, from.input(0).shape.size());
  if (axis && from.input(0).shape[*axis] == rows_axis)
    return fail("operator '" + from.op() + "' takes rows apart");
  return axis;
}

tensors split(node& from) {
  if (auto good = from.expect_inputs(1, 2); !good)
    return tl::unexpected{good.error()};
  const auto axis = axis_without_rows(from, from.integer("axis", 0));
  if (!axis)
    return tl::unexpected{axis.error()};
  auto lengths = from.integers("split");
  const auto as_input = from.constant_integers(1);
  if (!as_input)
    return tl::unexpected{as_input.error()};
  if (*as_input)
    lengths = **as_input;
  const auto& shape = from.input(0).shape;
  const auto count = from.integer("num_outputs", static_cast<std::int64_t>(from.outputs()));
  if (count < 1 || count != static_cast<std::int64_t>(from.outputs()))
    return fail("a Split has " + std::to_string(from.outputs()) + " outputs");
  if (lengths.empty())
    for (std::int64_t i = 0, left = shape[*axis], size = (left + count - 1) / count; i < count; ++i, left -= size)
      lengths.push_back(std::clamp<std::int64_t>(left, 0, size));
  if (std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}) != shape[*axis]
      || std::any_of(lengths.begin(), lengths.end(), [](auto n) { return n < 0; }))
    return fail("the parts of a Split are not the whole of " + text_of(shape));
  std::vector<tensor> made;
  std::size_t next = 0;
  for (const auto length : lengths) {
    std::vector<std::size_t> which(static_cast<std::size_t>(length));
    std::iota(which.begin(), which.end(), next);
    next += which.size();
    auto part = shape;
    part[*axis] = length;
    made.push_back(picked(from, std::move(part), along(shape, *axis, which)));
  }
  return made;
}

/// Begins, ends, axes and steps are attributes up to version 9, inputs from there on.
tensors slice(node& from) {
  if (auto good = from.expect_inputs(1, 5); !good)
    return tl::unexpected{good.error()};
  std::array<std::vector<std::int64_t>, 4> given{
      from.integers("starts"), from.integers("ends"), from.integers("axes"), {}};
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto as_input = from.constant_integers(i + 1);
    if (!as_input)
      return tl::unexpected{as_input.error()};
    if (*as_input)
      given[i] = **as_input;
  }
  auto& [starts, ends, axes, steps] = given;
  if (axes.empty()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), std::int64_t{0});
  }
  steps.resize(steps.empty() ? starts.size() : steps.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    return fail("a Slice has lists of different lengths");
  auto shape = from.input(0).shape;
  std::vector<std::size_t> which(columns_of(shape));
  std::iota(which.begin(), which.end(), std::size_t{0});
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto axis = axis_without_rows(from, axes[i]);
    if (!axis)
      return tl::unexpected{axis.error()};
    const auto length = shape[*axis];
    const auto place = [&](std::int64_t at, std::int64_t least, std::int64_t most) {
      return std::clamp(at < 0 ? std::max<std::int64_t>(at, -length - 1) + length : at, least, most);
    };
    std::vector<std::size_t> kept;
    if (steps[i] == 0 || steps[i] < -length - 1)
      return fail("a Slice has a step of " + std::to_string(steps[i]));
    if (steps[i] > 0)
      for (auto at = place(starts[i], 0, length), end = place(ends[i], 0, length); at < end;
           at += std::min(steps[i], length))
        kept.push_back(static_cast<std::size_t>(at));
    else
      for (auto at = place(starts[i], 0, length - 1), end = place(ends[i], -1, length - 1); at > end; at += steps[i])
        kept.push_back(static_cast<std::size_t>(at));
    std::vector<std::size_t> next;
    for (const auto at : along(shape, *axis, kept))
      next.push_back(which[at]);
    which = std::move(next);
    shape[*axis] = static_cast<std::int64_t>(kept.size());
  }
  return std::vector{picked(from, std::move(shape), which)};
}

/// A part of a list.
constant_values part_of(const constant_values& list, std::size_t begin, std::size_t count) {
  return std::visit(
      [&]<class T>(const std::vector<T>& all) -> constant_values {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
        return std::vector<T>{first, first + static_cast<std::ptrdiff_t>(count)};
      },
      list);
}

/// The entries of lists of equal length where the values of a row say; first all those of the first list.
tensors look_up(node& from, const constant_values& values, std::size_t length, const tensor& at, tensor_shape shape) {
  if (at.type != element::i64 || length == 0 || type_of(values) == element::boolean)
    return fail("operator '" + from.op() + "' looks up by a value of type " + std::string{name_of(at.type)});
  // an index below 0 counts from the end
  const auto size = static_cast<std::int64_t>(length);
  const auto from_begin = map_columns<std::int64_t, std::int64_t>(
      from.program(), at.columns, [size](std::int64_t i) { return i < 0 ? i + size : i; });
  tensor made{type_of(values), std::move(shape)};
  for (std::size_t begin = 0; begin < size_of(values); begin += length) {
    const auto columns = look_up_columns(from.program(), part_of(values, begin, length), from_begin);
    made.columns.insert(made.columns.end(), columns.begin(), columns.end());
  }
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&values))
    made.labels = std::make_shared<const class_labels>(*numbers);
  else if (const auto* texts = std::get_if<std::vector<std::string>>(&values))
    made.labels = std::make_shared<const class_labels>(*texts);
  return std::vector{std::move(made)};
}

core::result<std::vector<std::size_t>> indices_along(const node& from, const std::vector<std::int64_t>& given,
                                                     std::int64_t length) {
  std::vector<std::size_t> made;
  for (const auto at : given) {
    if (at < -length || at >= length)
      return fail("operator '" + from.op() + "' wants column " + std::to_string(at) + " of " + std::to_string(length));
    made.push_back(static_cast<std::size_t>(at < 0 ? at + length : at));
  }
  return made;
}

tensors gather(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  const auto& of = from.input(0);
  const auto& at = from.input(1);
  if (of.is_constant() && !at.is_constant()) {
    if (of.shape.size() != 1 || from.integer("axis", 0) != 0)
      return fail("a Gather of " + text_of(of.shape) + " by the values of a row is not supported");
    return look_up(from, *of.constant, size_of(*of.constant), at, at.shape);
  }
  const auto axis = axis_without_rows(from, from.integer("axis", 0));
  if (!axis)
    return tl::unexpected{axis.error()};
  const auto given = from.constant_integers(1);
  if (!given)
    return tl::unexpected{given.error()};
  const auto which = indices_along(from, **given, of.shape[*axis]);
  if (!which)
    return tl::unexpected{which.error()};
  tensor_shape shape{of.shape.begin(), of.shape.begin() + static_cast<std::ptrdiff_t>(*axis)};
  shape.insert(shape.end(), at.shape.begin(), at.shape.end());
  shape.insert(shape.end(), of.shape.begin() + static_cast<std::ptrdiff_t>(*axis) + 1, of.shape.end());
  if (auto good = check_shape(shape); !good)
    return tl::unexpected{good.error()};
  return std::vector{picked(from, std::move(shape), along(of.shape, *axis, *which))};
}

/// Which of some columns a row wants.
template <class T>
class pick_kernel final : public kernel {
public:
  /// @param from the columns to pick from, then those that say which
  pick_kernel(registers from, registers to) : kernel{std::move(from), std::move(to)} {}

  void run(const frame& f) const override {
    const auto count = static_cast<std::int64_t>(reads.size() - writes.size());
    for (std::size_t c = 0; c < writes.size(); ++c) {
      const auto* which = f.at<const std::int64_t>(reads[static_cast<std::size_t>(count) + c]);
      auto* out = f.at<T>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r) {
        const auto at = std::clamp<std::int64_t>(which[r] < 0 ? which[r] + count : which[r], 0, count - 1);
        out[r] = f.at<const T>(reads[static_cast<std::size_t>(at)])[r];
      }
    }
  }
};

/// Columns of a row by its own indices, along the only axis beside the rows.
tensors gather_elements(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  const auto& of = from.input(0);
  const auto& at = from.input(1);
  const auto axis = axis_without_rows(from, from.integer("axis", 0));
  if (!axis)
    return tl::unexpected{axis.error()};
  if (of.is_constant() || at.is_constant() || at.type != element::i64 || of.shape.size() != 2 || at.shape.size() != 2
      || find_rows(of.shape) != find_rows(at.shape) || of.columns.empty())
    return fail("a GatherElements of " + text_of(of.shape) + " by " + text_of(at.shape) + " is not supported");
  tensor made{of.type, at.shape, from.program().make(of.type, at.columns.size())};
  auto reads = of.columns;
  reads.insert(reads.end(), at.columns.begin(), at.columns.end());
  with_type(of.type, [&]<class T>() { from.program().add<pick_kernel<T>>(std::move(reads), made.columns); });
  return std::vector{std::move(made)};
}

/// Columns of the last axis, or entries of a list by the values of a row.
tensors extract(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  const auto& of = from.input(0);
  const auto& at = from.input(1);
  if (of.is_constant() && !at.is_constant()) {
    if (of.shape.empty() || (of.shape.size() > 1 && at.columns.size() != 1))
      return fail("an ArrayFeatureExtractor of " + text_of(of.shape) + " is not supported");
    const auto length = static_cast<std::size_t>(of.shape.back());
    // several indices a row keep their axis, which the Reshape behind it asks for
    if (at.columns.size() != 1)
      return look_up(from, *of.constant, length, at, at.shape);
    // the indices are a list, whatever their shape: the rows become the last axis
    auto shape = of.shape.size() == 1 ? tensor_shape{1, 1} : of.shape;
    shape.back() = rows_axis;
    return look_up(from, *of.constant, length, at, std::move(shape));
  }
  if (of.shape.empty())
    return fail("an ArrayFeatureExtractor of a single value");
  const auto given = from.constant_integers(1);
  if (!given)
    return tl::unexpected{given.error()};
  const auto axis = axis_without_rows(from, -1);
  if (!axis)
    return tl::unexpected{axis.error()};
  const auto which = indices_along(from, **given, of.shape[*axis]);
  if (!which)
    return tl::unexpected{which.error()};
  auto shape = of.shape.size() == 1 ? tensor_shape{1, of.shape.front()} : of.shape;
  shape.back() = static_cast<std::int64_t>(which->size());
  return std::vector{picked(from, std::move(shape), along(of.shape, *axis, *which))};
}

/// Features side by side, as float.
tensors vectorize(node& from) {
  if (auto good = from.expect_inputs(1, std::max<std::size_t>(from.inputs(), 1)); !good)
    return tl::unexpected{good.error()};
  const auto lengths = from.integers("inputdimensions");
  registers columns;
  for (std::size_t i = 0; i < from.inputs(); ++i) {
    if (!from.has_input(i) || from.input(i).type == element::text || find_rows(from.input(i).shape) != 0)
      return fail("input " + std::to_string(i) + " of a FeatureVectorizer is no rows of numbers");
    const auto next = converted(from.program(), from.input(i), element::f32);
    if (i < lengths.size() && lengths[i] != static_cast<std::int64_t>(next.columns.size()))
      return fail("input " + std::to_string(i) + " of a FeatureVectorizer has " + std::to_string(next.columns.size())
                  + " columns, not " + std::to_string(lengths[i]));
    columns.insert(columns.end(), next.columns.begin(), next.columns.end());
  }
  tensor_shape shape{rows_axis, static_cast<std::int64_t>(columns.size())};
  return std::vector{tensor{element::f32, std::move(shape), std::move(columns)}};
}

constexpr std::array all{
    onnx_operator{"ArrayFeatureExtractor", "ai.onnx.ml", "some columns, or the entry of a list", extract},
    onnx_operator{"Concat", "ai.onnx", "columns side by side", concat},
    onnx_operator{"Dropout", "ai.onnx", "passes a value on", dropout},
    onnx_operator{"FeatureVectorizer", "ai.onnx.ml", "columns side by side, as float", vectorize},
    onnx_operator{"Gather", "ai.onnx", "some columns, or the entry of a list", gather},
    onnx_operator{"GatherElements", "ai.onnx", "columns that each row chooses", gather_elements},
    onnx_operator{"Identity", "ai.onnx", "passes a value on", pass},
    onnx_operator{"Slice", "ai.onnx", "some columns", slice},
    onnx_operator{"Split", "ai.onnx", "columns in parts", split},
};

} // namespace

constexpr operator_family operators::selection{all};

} // namespace weir::models
