#include "models/graph/elementwise.hpp"
#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

#include <array>
#include <string>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

/// The last axis of rows of features. Fails where the input is nothing else.
core::result<std::size_t> features_of(const node& from) {
  const auto& shape = from.input(0).shape;
  if (shape.empty() || shape.front() != rows_axis || from.input(0).type == element::text)
    return fail("operator '" + from.op() + "' of " + text_of(shape) + " and type "
                + std::string{name_of(from.input(0).type)} + " is not supported");
  return from.input(0).columns.size();
}

/// One value for each feature, or one for all.
template <class T>
core::result<std::vector<T>> spread(const node& from, const std::vector<T>& values, std::size_t features,
                                    std::string_view name) {
  if (values.size() == features)
    return values;
  if (values.size() == 1)
    return std::vector<T>(features, values.front());
  return fail("operator '" + from.op() + "' has " + std::to_string(values.size()) + " '" + std::string{name} + "' for "
              + std::to_string(features) + " features");
}

/// `F(x, a, b)` with two numbers for each feature.
template <class T, class F>
class feature_kernel final : public kernel {
public:
  feature_kernel(registers from, registers to, std::vector<T> a, std::vector<T> b, F f) :
      kernel{std::move(from), std::move(to)}, a_{std::move(a)}, b_{std::move(b)}, f_{std::move(f)} {
    is_by_column = true;
  }

  void run(const frame& f) const override {
    for (std::size_t c = 0; c < writes.size(); ++c) {
      const auto* in = f.at<const T>(reads[c]);
      auto* out = f.at<T>(writes[c]);
      for (std::size_t r = 0; r < f.rows(); ++r)
        out[r] = f_(in[r], a_[c], b_[c]);
    }
  }

private:
  std::vector<T> a_;
  std::vector<T> b_;
  F f_;
};

template <class T, class F>
tensor per_feature(const node& from, const tensor& in, std::vector<T> a, std::vector<T> b, F f) {
  tensor made{element_of<T>(), in.shape, from.program().make(element_of<T>(), in.columns.size())};
  from.program().add<feature_kernel<T, F>>(in.columns, made.columns, std::move(a), std::move(b), std::move(f));
  return made;
}

/// (x - offset) * scale, as float.
tensors scale(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto offsets = from.numbers("offset");
  const auto scales = from.numbers("scale");
  return features_of(from).and_then([&](std::size_t features) -> tensors {
    auto offset = spread(from, offsets, features, "offset");
    auto factor = spread(from, scales, features, "scale");
    if (!offset || !factor)
      return tl::unexpected{(offset ? factor : offset).error()};
    const auto in = converted(from.program(), from.input(0), element::f32);
    return std::vector{per_feature(from, in, *std::move(offset), *std::move(factor),
                                   [](float x, float a, float b) { return (x - a) * b; })};
  });
}

template <class T>
tensors impute_with(node& from, const std::vector<T>& given, T replaced) {
  return features_of(from).and_then([&](std::size_t features) -> tensors {
    auto values = spread(from, given, features, "imputed_value");
    if (!values)
      return tl::unexpected{values.error()};
    std::vector<T> wrong(features, replaced);
    return std::vector{
        per_feature(from, from.input(0), std::move(wrong), *std::move(values), [](T x, T missing, T value) {
          return x == missing || (x != x && missing != missing) ? value : x;
        })};
  });
}

/// Another value in place of what is missing.
tensors impute(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto numbers = from.numbers("imputed_value_floats");
  const auto replaced = from.number("replaced_value_float", 0);
  const auto whole = from.integers("imputed_value_int64s");
  const auto replaced_whole = from.integer("replaced_value_int64", 0);
  switch (from.input(0).type) {
  case element::f32: return impute_with<float>(from, numbers, replaced);
  case element::f64:
    return impute_with<double>(from, std::vector<double>(numbers.begin(), numbers.end()),
                               static_cast<double>(replaced));
  case element::i64: return impute_with<std::int64_t>(from, whole, replaced_whole);
  default: return fail("an Imputer of type " + std::string{name_of(from.input(0).type)});
  }
}

/// 1 above a threshold, else 0.
tensors binarize(node& from) {
  if (auto good = from.expect_inputs(1, 1); !good)
    return tl::unexpected{good.error()};
  const auto threshold = from.number("threshold", 0);
  const auto& in = from.input(0);
  if (in.type == element::text || in.type == element::boolean)
    return fail("a Binarizer of type " + std::string{name_of(in.type)});
  tensor made{in.type, in.shape};
  made.columns = with_type(in.type, [&]<class T>() -> registers {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
      return map_columns<T, T>(from.program(), columns_in(from.program(), in),
                               [t = static_cast<T>(threshold)](T x) { return static_cast<T>(x > t); });
    else
      return {};
  });
  return std::vector{std::move(made)};
}

constexpr std::array all{
    onnx_operator{"Binarizer", "ai.onnx.ml", "1 above a threshold, else 0", binarize},
    onnx_operator{"Imputer", "ai.onnx.ml", "another value in place of what is missing", impute},
    onnx_operator{"Scaler", "ai.onnx.ml", "centres and scales features", scale},
};

} // namespace

constexpr operator_family operators::scaling{all};

} // namespace weir::models
