#include "core/expression/expression_builder.hpp"
#include "core/expression/expression_kernels.hpp"
#include "core/expression/expression_lexer.hpp"

#include <array>

namespace weir::core {

namespace {

using type = column_type;
using integer = std::int64_t;

bool add(integer a, integer b, integer& out) noexcept {
  return __builtin_add_overflow(a, b, &out);
}
bool subtract(integer a, integer b, integer& out) noexcept {
  return __builtin_sub_overflow(a, b, &out);
}
bool multiply(integer a, integer b, integer& out) noexcept {
  return __builtin_mul_overflow(a, b, &out);
}
bool remainder(integer a, integer b, integer& out) noexcept {
  if (b == 0)
    return true;
  out = b == -1 ? 0 : a % b; // the processor traps on INT64_MIN % -1
  return false;
}

kernel of_integers(char symbol) noexcept {
  switch (symbol) {
  case '+': return kernels::checked_binary<add>;
  case '-': return kernels::checked_binary<subtract>;
  case '*': return kernels::checked_binary<multiply>;
  default: return kernels::checked_binary<remainder>;
  }
}

kernel of_doubles(char symbol) noexcept {
  switch (symbol) {
  case '+': return kernels::binary<double, double, [](double a, double b) { return a + b; }>;
  case '-': return kernels::binary<double, double, [](double a, double b) { return a - b; }>;
  case '*': return kernels::binary<double, double, [](double a, double b) { return a * b; }>;
  case '/': return kernels::binary<double, double, [](double a, double b) { return a / b; }>;
  default: return kernels::binary<double, double, [](double a, double b) { return std::fmod(a, b); }>;
  }
}

template <class T>
kernel comparison(std::string_view symbol) noexcept {
  using kernels::binary;
  if (symbol == "==" || symbol == "=")
    return binary<std::uint8_t, T, [](const T& a, const T& b) { return a == b; }>;
  if (symbol == "!=" || symbol == "<>")
    return binary<std::uint8_t, T, [](const T& a, const T& b) { return a != b; }>;
  if (symbol == "<")
    return binary<std::uint8_t, T, [](const T& a, const T& b) { return a < b; }>;
  if (symbol == "<=")
    return binary<std::uint8_t, T, [](const T& a, const T& b) { return a <= b; }>;
  if (symbol == ">")
    return binary<std::uint8_t, T, [](const T& a, const T& b) { return (a > b); }>;
  return binary<std::uint8_t, T, [](const T& a, const T& b) { return a >= b; }>;
}

} // namespace

result<operand> compare(expression_builder& builder, std::string_view symbol, operand a, operand b) {
  if (a.is_null || b.is_null)
    return fail_at(a.is_null ? a.column : b.column, "a comparison with null is never true",
                   "write 'is null' or 'is not null'");
  std::array both{std::move(a), std::move(b)};
  const auto common = builder.unify(both, "'" + std::string{symbol} + "'");
  if (!common)
    return tl::unexpected{common.error()};
  return builder.emit(by_type(*common, [&]<class T>(T) { return comparison<T>(symbol); }), type::boolean, both);
}

result<operand> calculate(expression_builder& builder, char symbol, operand a, operand b) {
  const auto who = "'" + std::string{symbol} + "'";
  std::array both{std::move(a), std::move(b)};
  // A time moves by milliseconds, and two of them are milliseconds apart.
  const bool time_first = both[0].type == type::timestamp && !both[0].is_null;
  const bool time_second = both[1].type == type::timestamp && !both[1].is_null;
  if ((symbol == '+' || symbol == '-') && (time_first || time_second)) {
    auto& second = both[1];
    if (symbol == '-' && time_first && time_second)
      return builder.emit(of_integers(symbol), type::int64, both);
    if (symbol == '+' && time_second)
      std::swap(both[0], both[1]);
    if (both[0].type == type::timestamp && second.type != type::timestamp) {
      auto ms = builder.convert(second, type::int64, who + " on a timestamp");
      if (!ms)
        return ms;
      second = std::move(*ms);
      return builder.emit(of_integers(symbol), type::timestamp, both);
    }
  }
  const bool integers =
      both[0].type == type::int64 && both[1].type == type::int64 && !both[0].is_null && !both[1].is_null;
  if (integers && symbol != '/')
    return builder.emit(of_integers(symbol), type::int64, both);
  for (auto& value : both) {
    auto converted = builder.convert(value, type::float64, who);
    if (!converted)
      return converted;
    value = std::move(*converted);
  }
  return builder.emit(of_doubles(symbol), type::float64, both);
}

result<operand> negate(expression_builder& builder, operand a) {
  if (!a.is_null && a.type == type::int64) {
    const auto at = a.column;
    return calculate(builder, '-', builder.int64(0, at), std::move(a));
  }
  auto value = builder.convert(std::move(a), type::float64, "'-'");
  if (!value)
    return value;
  return builder.emit(kernels::unary<double, double, [](double v) { return -v; }>, type::float64, {{*value}});
}

result<operand> connect(expression_builder& builder, bool conjunction, operand a, operand b) {
  const auto* who = conjunction ? "'and'" : "'or'";
  std::array both{std::move(a), std::move(b)};
  for (auto& value : both) {
    auto converted = builder.convert(value, type::boolean, who);
    if (!converted)
      return converted;
    value = std::move(*converted);
  }
  return builder.emit(conjunction ? kernels::logical_and : kernels::logical_or, type::boolean, both);
}

result<operand> invert(expression_builder& builder, operand a) {
  auto value = builder.convert(std::move(a), type::boolean, "'not'");
  if (!value)
    return value;
  return builder.emit(kernels::unary<std::uint8_t, std::uint8_t, [](std::uint8_t v) { return v == 0; }>, type::boolean,
                      {{*value}});
}

operand test_null(expression_builder& builder, const operand& a) {
  if (a.is_null)
    return builder.boolean(true, a.column);
  return builder.emit(kernels::is_null, type::boolean, {{a}});
}

} // namespace weir::core
