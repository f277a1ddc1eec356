#include "core/expression/function_kinds.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace weir::core {

namespace {

using type = column_type;
using integer = std::int64_t;

bool absolute(integer v, integer, integer& out) noexcept {
  return v < 0 ? __builtin_sub_overflow(integer{0}, v, &out) : (out = v, false);
}

/// For functions that leave integers as they are, or do with them what they do with doubles.
template <auto Function, bool IsAbsolute = false>
result<operand> numeric(expression_builder& builder, std::string_view name, arguments in) {
  if (in[0].is_null || in[0].type != type::int64)
    return of_double<Function>(builder, name, in);
  if (!IsAbsolute)
    return in[0];
  const std::array twice{in[0], in[0]};
  return builder.emit(kernels::checked_binary<absolute>, type::int64, twice);
}

integer sign_of(double v) noexcept {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}

result<operand> modulo(expression_builder& builder, std::string_view, arguments in) {
  return calculate(builder, '%', in[0], in[1]);
}

result<operand> pi(expression_builder& builder, std::string_view, arguments) {
  return builder.float64(std::numbers::pi, 1);
}

/// To so many decimals.
double round_to(double v, double decimals) noexcept {
  const auto scale = std::pow(10.0, std::round(decimals));
  const auto scaled = v * scale;
  return std::isfinite(scaled) && scale > 0 ? std::round(scaled) / scale : v;
}

result<operand> rounded(expression_builder& builder, std::string_view name, arguments in) {
  if (in.size() == 1)
    return numeric<[](double v) { return std::round(v); }>(builder, name, in);
  return of_doubles<round_to>(builder, name, in);
}

template <double (*F)(double)>
constexpr auto math = of_double<[](double v) { return F(v); }>;

constexpr std::array table{
    function{{"abs", "the value without its sign; an integer stays one", "abs(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::abs(v); }, true>},
    function{{"sign", "1 of what is above 0, -1 of what is below, else 0", "sign(Amount)"},
             1,
             1,
             simple<type::float64, type::int64, kernels::unary<integer, double, sign_of>>},
    function{{"floor", "the next whole number below", "floor(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::floor(v); }>},
    function{
        {"ceil", "the next whole number above", "ceil(Amount)"}, 1, 1, numeric<[](double v) { return std::ceil(v); }>},
    function{{"trunc", "the whole number towards zero", "trunc(Amount)"},
             1,
             1,
             numeric<[](double v) { return std::trunc(v); }>},
    function{
        {"round", "the nearest whole number, or one of so many decimals, halves away from zero", "round(Amount, 2)"},
        1,
        2,
        rounded},
    function{{"mod", "the rest of a division, as `%`", "mod(Age, 10)"}, 2, 2, modulo},
    function{{"sqrt", "the square root", "sqrt(Amount)"}, 1, 1, math<std::sqrt>},
    function{{"cbrt", "the cube root", "cbrt(Amount)"}, 1, 1, math<std::cbrt>},
    function{{"exp", "e to the power of the value", "exp(Age)"}, 1, 1, math<std::exp>},
    function{{"log", "the natural logarithm", "log(Amount)"}, 1, 1, math<std::log>},
    function{{"log1p", "the natural logarithm of 1 more, exact near 0", "log1p(Amount)"}, 1, 1, math<std::log1p>},
    function{{"log2", "the logarithm to base 2", "log2(Amount)"}, 1, 1, math<std::log2>},
    function{{"log10", "the logarithm to base 10", "log10(Amount)"}, 1, 1, math<std::log10>},
    function{{"pow", "the first value to the power of the second", "pow(Age, 2)"},
             2,
             2,
             of_doubles<[](double a, double b) { return std::pow(a, b); }>},
    function{{"sin", "the sine of an angle in radians", "sin(Amount)"}, 1, 1, math<std::sin>},
    function{{"cos", "the cosine of an angle in radians", "cos(Amount)"}, 1, 1, math<std::cos>},
    function{{"tan", "the tangent of an angle in radians", "tan(Amount)"}, 1, 1, math<std::tan>},
    function{{"asin", "the angle whose sine the value is", "asin(Amount / 1000)"}, 1, 1, math<std::asin>},
    function{{"acos", "the angle whose cosine the value is", "acos(Amount / 1000)"}, 1, 1, math<std::acos>},
    function{{"atan", "the angle whose tangent the value is", "atan(Amount)"}, 1, 1, math<std::atan>},
    function{{"atan2", "the angle of the point (x, y), called with y first", "atan2(Amount, Age)"},
             2,
             2,
             of_doubles<[](double y, double x) { return std::atan2(y, x); }>},
    function{{"tanh", "the hyperbolic tangent", "tanh(Amount / 1000)"}, 1, 1, math<std::tanh>},
    function{{"radians", "an angle in degrees as radians", "radians(Age)"},
             1,
             1,
             of_double<[](double v) { return v * (std::numbers::pi / 180); }>},
    function{{"degrees", "an angle in radians as degrees", "degrees(Amount)"},
             1,
             1,
             of_double<[](double v) { return v * (180 / std::numbers::pi); }>},
    function{{"pi", "the circumference of a circle of diameter 1", "pi()"}, 0, 0, pi},
};

} // namespace

std::span<const function> number_functions() {
  return table;
}

} // namespace weir::core
