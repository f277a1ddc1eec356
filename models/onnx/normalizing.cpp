#include "models/graph/elementwise.hpp"
#include "models/graph/shares.hpp"
#include "models/onnx/axes.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

template <auto F>
tensors over_groups(node& from, const tensor& in, std::vector<std::size_t> axes) {
  const auto groups = group_columns(from, in.shape, axes, true);
  if (!groups)
    return tl::unexpected{groups.error()};
  if (groups->order.empty())
    return fail("operator '" + from.op() + "' over nothing");
  const auto columns = columns_in(from.program(), in);
  tensor made{in.type, in.shape, from.program().make(in.type, columns.size()), {}, {}, in.labels};
  registers reads, writes;
  for (const auto i : groups->order) {
    reads.push_back(columns[i]);
    writes.push_back(made.columns[i]);
  }
  const auto size = groups->order.size() / groups->count;
  if (in.type == element::f64)
    from.program().add<group_kernel<double, F>>(std::move(reads), std::move(writes), size);
  else
    from.program().add<group_kernel<float, F>>(std::move(reads), std::move(writes), size);
  return std::vector{std::move(made)};
}

constexpr auto to_log_shares = [](double* values, std::size_t count) {
  const auto largest = *std::max_element(values, values + count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += std::exp(values[i] - largest);
  for (std::size_t i = 0; i < count; ++i)
    values[i] -= largest + std::log(sum);
};

/// Up to version 12 over all axes from the one that is named on.
template <auto F>
tensors shares(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  if (in.type != element::f32 && in.type != element::f64)
    return fail("operator '" + from.op() + "' of type " + std::string{name_of(in.type)});
  const auto axis = axis_of(from, from.integer("axis", from.version() < 13 ? 1 : -1), in.shape.size());
  if (!axis)
    return tl::unexpected{axis.error()};
  std::vector<std::size_t> axes(from.version() < 13 ? in.shape.size() - *axis : 1);
  std::iota(axes.begin(), axes.end(), *axis);
  return over_groups<F>(from, in, std::move(axes));
}

template <auto Length>
constexpr auto divided_by = [](double* values, std::size_t count) {
  const auto length = Length(values, count);
  for (std::size_t i = 0; i < count && length != 0; ++i)
    values[i] /= length;
};

constexpr auto largest = [](const double* values, std::size_t count) {
  return *std::max_element(values, values + count);
};
constexpr auto magnitudes = [](const double* values, std::size_t count) {
  return std::accumulate(values, values + count, 0.0, [](double sum, double x) { return sum + std::abs(x); });
};
constexpr auto euclidean = [](const double* values, std::size_t count) {
  return std::sqrt(std::inner_product(values, values + count, values, 0.0));
};

tensors normalize(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto norm = from.text("norm", "MAX");
  auto in = from.input(0);
  if (in.type == element::text || in.is_constant())
    return fail("a Normalizer of type " + std::string{name_of(in.type)});
  if (in.type != element::f32)
    in = converted(from.program(), in, element::f32);
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; axis < in.shape.size(); ++axis)
    if (in.shape[axis] != rows_axis)
      axes.push_back(axis);
  if (norm == "MAX")
    return over_groups<divided_by<largest>>(from, in, std::move(axes));
  if (norm == "L1")
    return over_groups<divided_by<magnitudes>>(from, in, std::move(axes));
  if (norm == "L2")
    return over_groups<divided_by<euclidean>>(from, in, std::move(axes));
  return fail("a Normalizer by '" + norm + "' is not supported");
}

/// scale * (x - mean) / sqrt(variance + epsilon) + bias, for each index of the second axis.
tensors batch_normalize(node& from) {
  if (auto good = from.expect_inputs(5, 5); !good)
    return tl::unexpected{good.error()};
  from.ignore("momentum");
  from.ignore("spatial");
  const auto epsilon = from.number("epsilon", 1e-5f);
  const auto& in = from.input(0);
  if (from.integer("training_mode", 0) != 0 || in.shape.size() < 2 || in.shape[0] != rows_axis
      || (in.type != element::f32 && in.type != element::f64))
    return fail("a BatchNormalization of " + text_of(in.shape) + " is not supported");
  const auto channels = static_cast<std::size_t>(in.shape[1]);
  std::array<std::vector<double>, 4> values; // scale, bias, mean, variance
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& one = from.input(i + 1);
    if (!one.is_constant() || size_of(*one.constant) != channels)
      return fail("input " + std::to_string(i + 1) + " of a BatchNormalization is not one number a channel");
    std::visit(
        [&]<class T>(const std::vector<T>& numbers) {
          if constexpr (std::is_arithmetic_v<T>)
            for (const auto x : numbers)
              values[i].push_back(static_cast<double>(x));
        },
        *one.constant);
    values[i].resize(channels);
  }
  tensor made{in.type, in.shape};
  const auto size = channels == 0 ? 0 : in.columns.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    const auto scale = values[0][c] / std::sqrt(values[3][c] + static_cast<double>(epsilon));
    const auto bias = values[1][c] - values[2][c] * scale;
    const auto begin = in.columns.begin() + static_cast<std::ptrdiff_t>(c * size);
    const registers columns{begin, begin + static_cast<std::ptrdiff_t>(size)};
    const auto next = with_type(in.type, [&]<class T>() -> registers {
      if constexpr (std::is_floating_point_v<T>)
        return map_columns<T, T>(from.program(), columns,
                                 [=](T x) { return static_cast<T>(static_cast<double>(x) * scale + bias); });
      else
        return {};
    });
    made.columns.insert(made.columns.end(), next.begin(), next.end());
  }
  return std::vector{std::move(made)};
}

constexpr std::array all{
    onnx_operator{"BatchNormalization", "ai.onnx", "centres and scales as was learned", batch_normalize},
    onnx_operator{"LogSoftmax", "ai.onnx", "logarithms of shares", shares<to_log_shares>},
    onnx_operator{"Normalizer", "ai.onnx.ml", "rows of length 1", normalize},
    onnx_operator{"Softmax", "ai.onnx", "shares that sum up to 1", shares<to_shares<>>},
};

} // namespace

constexpr operator_family operators::normalizing{all};

} // namespace weir::models
