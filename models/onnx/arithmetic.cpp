#include "models/graph/elementwise.hpp"
#include "models/onnx/axes.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::models {

namespace {

using core::fail;
using tensors = core::result<std::vector<tensor>>;

core::result<void> expect_type(const node& from, const tensor& value, bool takes_whole_numbers) {
  if (value.type == element::f32 || value.type == element::f64 || (takes_whole_numbers && value.type == element::i64))
    return {};
  return fail("operator '" + from.op() + "' of type " + std::string{name_of(value.type)} + " is not supported");
}

/// `F` of a number. @tparam Whole it takes whole numbers too
template <auto F, bool Whole = false>
tensors unary(node& from) {
  if (auto good = from.expect_inputs(1, 1).and_then([&] { return expect_type(from, from.input(0), Whole); }); !good)
    return tl::unexpected{good.error()};
  const auto& in = from.input(0);
  tensor made{in.type, in.shape};
  made.columns = with_type(in.type, [&]<class T>() -> registers {
    if constexpr (std::is_floating_point_v<T> || (Whole && std::is_same_v<T, std::int64_t>))
      return map_columns<T, T>(from.program(), columns_in(from.program(), in), [](T x) { return F(x); });
    else
      return {};
  });
  return std::vector{std::move(made)};
}

template <auto F>
core::result<tensor> combine(node& from, const tensor& a, const tensor& b) {
  auto both = pair_up(from, a, b);
  if (!both)
    return tl::unexpected{both.error()};
  if (auto good = expect_type(from, a, true); !good)
    return tl::unexpected{good.error()};
  tensor made{a.type, both->shape};
  made.columns = with_type(a.type, [&]<class T>() -> registers {
    if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, std::int64_t>)
      return zip_columns<T, T, T>(from.program(), std::move(both->a), both->b, [](T x, T y) { return F(x, y); });
    else
      return {};
  });
  return made;
}

template <auto F>
tensors binary(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  return combine<F>(from, from.input(0), from.input(1)).map([](tensor&& made) { return std::vector{std::move(made)}; });
}

/// `F` over any number of inputs, from left to right.
template <auto F>
tensors variadic(node& from) {
  if (auto good = from.expect_inputs(1, std::max<std::size_t>(from.inputs(), 1)); !good)
    return tl::unexpected{good.error()};
  auto sum = from.input(0);
  for (std::size_t i = 1; i < from.inputs(); ++i) {
    if (!from.has_input(i))
      return fail("operator '" + from.op() + "' lacks an input");
    auto next = combine<F>(from, sum, from.input(i));
    if (!next)
      return tl::unexpected{next.error()};
    sum = *std::move(next);
  }
  sum.columns = columns_in(from.program(), sum);
  sum.constant = nullptr;
  return std::vector{std::move(sum)};
}

/// Whole numbers wrap around, as those of ONNX Runtime do.
template <class T, class F>
T wrapped(T x, T y, F f) noexcept {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(f(static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(y)));
  else
    return f(x, y);
}

constexpr auto add = [](auto x, auto y) { return wrapped(x, y, [](auto a, auto b) { return a + b; }); };
constexpr auto subtract = [](auto x, auto y) { return wrapped(x, y, [](auto a, auto b) { return a - b; }); };
constexpr auto multiply = [](auto x, auto y) { return wrapped(x, y, [](auto a, auto b) { return a * b; }); };

/// A whole number divided by 0 is 0: what ONNX leaves open must not end the process.
constexpr auto divide = [](auto x, auto y) -> decltype(x) {
  if constexpr (std::is_integral_v<decltype(x)>) {
    if (y == 0)
      return 0;
    if (y == -1)
      return subtract(decltype(x){0}, x);
  }
  return x / y;
};

constexpr auto larger = [](auto x, auto y) -> decltype(x) { return x != x || x > y ? x : y; };
constexpr auto smaller = [](auto x, auto y) -> decltype(x) { return x != x || x < y ? x : y; };

constexpr auto negative = [](auto x) -> decltype(x) { return subtract(decltype(x){0}, x); };
constexpr auto negative_number = [](auto x) -> decltype(x) {
  if constexpr (std::is_floating_point_v<decltype(x)>)
    return -x;
  else
    return negative(x);
};
constexpr auto magnitude = [](auto x) -> decltype(x) { return x < 0 ? negative_number(x) : x; };
constexpr auto sign = [](auto x) -> decltype(x) { return static_cast<decltype(x)>((x > 0) - (x < 0)); };
constexpr auto logistic = [](auto x) -> decltype(x) {
  const auto e = std::exp(-magnitude(x));
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
};
constexpr auto rectified = [](auto x) -> decltype(x) { return x > 0 || x != x ? x : 0; };
constexpr auto softplus = [](auto x) -> decltype(x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
};

/// The exponent may be of another type than the base, which the result has.
tensors power(node& from) {
  if (auto good = from.expect_inputs(2, 2); !good)
    return tl::unexpected{good.error()};
  if (from.input(1).type == element::text || from.input(0).type == element::text)
    return fail("operator 'Pow' of type string is not supported");
  const auto exponent = converted(from.program(), from.input(1), from.input(0).type);
  return combine<[](auto x, auto y) { return static_cast<decltype(x)>(std::pow(x, y)); }>(from, from.input(0), exponent)
      .map([](tensor&& made) { return std::vector{std::move(made)}; });
}

tensors mean(node& from) {
  auto sum = variadic<add>(from);
  if (!sum || expect_type(from, sum->front(), false).has_value() == false)
    return sum;
  auto& all = sum->front();
  const auto count = static_cast<double>(from.inputs());
  all.columns = with_type(all.type, [&]<class T>() -> registers {
    if constexpr (std::is_floating_point_v<T>)
      return map_columns<T, T>(from.program(), all.columns, [n = static_cast<T>(count)](T x) { return x / n; });
    else
      return all.columns;
  });
  return sum;
}

/// Bounds are attributes up to version 10, inputs from there on.
tensors clip(node& from) {
  if (auto good = from.expect_inputs(1, 3).and_then([&] { return expect_type(from, from.input(0), true); }); !good)
    return tl::unexpected{good.error()};
  auto sum = from.input(0);
  sum.columns = columns_in(from.program(), sum);
  sum.constant = nullptr;
  sum.exact.clear();
  const auto bound_by = [&](auto combine_with, const tensor& bound) -> core::result<void> {
    if (bound.type != sum.type || columns_of(bound.shape) != 1 || find_rows(bound.shape))
      return fail("a bound of operator 'Clip' is no single value of type " + std::string{name_of(sum.type)});
    auto next = combine_with(sum, bound);
    if (!next)
      return tl::unexpected{next.error()};
    sum = *std::move(next);
    return {};
  };
  const auto least = [&](const tensor& a, const tensor& b) { return combine<larger>(from, a, b); };
  const auto most = [&](const tensor& a, const tensor& b) { return combine<smaller>(from, a, b); };
  const auto attribute = [&](std::string_view name) {
    return converted(from.program(), make_constant({}, std::vector{from.number(name, 0)}), sum.type);
  };
  for (const auto& [i, name] : {std::pair{std::size_t{1}, "min"}, std::pair{std::size_t{2}, "max"}}) {
    core::result<void> good;
    if (from.has_input(i))
      good = i == 1 ? bound_by(least, from.input(i)) : bound_by(most, from.input(i));
    else if (from.has(name))
      good = i == 1 ? bound_by(least, attribute(name)) : bound_by(most, attribute(name));
    if (!good)
      return tl::unexpected{good.error()};
  }
  return std::vector{std::move(sum)};
}

/// A function with one parameter: `F(x, alpha)`.
template <auto F>
tensors with_alpha(node& from, float usual) {
  if (auto good = from.expect_inputs(1, 1).and_then([&] { return expect_type(from, from.input(0), false); }); !good)
    return tl::unexpected{good.error()};
  const auto alpha = from.number("alpha", usual);
  const auto& in = from.input(0);
  tensor made{in.type, in.shape};
  made.columns = with_type(in.type, [&]<class T>() -> registers {
    if constexpr (std::is_floating_point_v<T>)
      return map_columns<T, T>(from.program(), columns_in(from.program(), in),
                               [a = static_cast<T>(alpha)](T x) { return F(x, a); });
    else
      return {};
  });
  return std::vector{std::move(made)};
}

tensors leaky_relu(node& from) {
  return with_alpha<[](auto x, auto a) { return x < 0 ? a * x : x; }>(from, 0.01f);
}

tensors elu(node& from) {
  return with_alpha<[](auto x, auto a) { return x < 0 ? a * (std::exp(x) - 1) : x; }>(from, 1);
}

constexpr std::array all{
    onnx_operator{"Abs", "ai.onnx", "the magnitude", unary<magnitude, true>},
    onnx_operator{"Add", "ai.onnx", "a sum", binary<add>},
    onnx_operator{"Ceil", "ai.onnx", "rounds up", unary<[](auto x) { return std::ceil(x); }>},
    onnx_operator{"Clip", "ai.onnx", "keeps values within bounds", clip},
    onnx_operator{"Cos", "ai.onnx", "the cosine", unary<[](auto x) { return std::cos(x); }>},
    onnx_operator{"Div", "ai.onnx", "a quotient", binary<divide>},
    onnx_operator{"Elu", "ai.onnx", "exponential linear unit", elu},
    onnx_operator{"Erf", "ai.onnx", "the error function", unary<[](auto x) { return std::erf(x); }>},
    onnx_operator{"Exp", "ai.onnx", "the exponential", unary<[](auto x) { return std::exp(x); }>},
    onnx_operator{"Floor", "ai.onnx", "rounds down", unary<[](auto x) { return std::floor(x); }>},
    onnx_operator{"LeakyRelu", "ai.onnx", "leaky rectified linear unit", leaky_relu},
    onnx_operator{"Log", "ai.onnx", "the natural logarithm", unary<[](auto x) { return std::log(x); }>},
    onnx_operator{"Max", "ai.onnx", "the largest of several values", variadic<larger>},
    onnx_operator{"Mean", "ai.onnx", "the mean of several values", mean},
    onnx_operator{"Min", "ai.onnx", "the smallest of several values", variadic<smaller>},
    onnx_operator{"Mul", "ai.onnx", "a product", binary<multiply>},
    onnx_operator{"Neg", "ai.onnx", "the opposite", unary<negative_number, true>},
    onnx_operator{"Pow", "ai.onnx", "a power", power},
    onnx_operator{"Reciprocal", "ai.onnx", "1 / x", unary<[](auto x) { return 1 / x; }>},
    onnx_operator{"Relu", "ai.onnx", "rectified linear unit", unary<rectified>},
    onnx_operator{"Round", "ai.onnx", "rounds, halves to even", unary<[](auto x) { return std::nearbyint(x); }>},
    onnx_operator{"Sigmoid", "ai.onnx", "the logistic function", unary<logistic>},
    onnx_operator{"Sign", "ai.onnx", "-1, 0 or 1", unary<sign, true>},
    onnx_operator{"Sin", "ai.onnx", "the sine", unary<[](auto x) { return std::sin(x); }>},
    onnx_operator{"Softplus", "ai.onnx", "ln(1 + exp(x))", unary<softplus>},
    onnx_operator{"Sqrt", "ai.onnx", "the square root", unary<[](auto x) { return std::sqrt(x); }>},
    onnx_operator{"Sub", "ai.onnx", "a difference", binary<subtract>},
    onnx_operator{"Sum", "ai.onnx", "the sum of several values", variadic<add>},
    onnx_operator{"Tanh", "ai.onnx", "the hyperbolic tangent", unary<[](auto x) { return std::tanh(x); }>},
};

} // namespace

constexpr operator_family operators::arithmetic{all};

} // namespace weir::models
