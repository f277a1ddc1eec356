#pragma once

#include "core/expression/expression_builder.hpp"
#include "core/expression/expression_functions.hpp"
#include "core/expression/expression_kernels.hpp"
#include "core/expression/expression_lexer.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What the tables of functions are written with, and the tables: one a subject.

namespace weir::core {

using arguments = std::span<operand>;

/// A function with what checks its arguments and adds its instructions. `name` is as messages say it: `hour()`.
struct function : function_info {
  std::size_t least; ///< arguments
  std::size_t most;
  result<operand> (*build)(expression_builder&, std::string_view name, arguments);
};

std::span<const function> time_functions();
std::span<const function> number_functions();
std::span<const function> value_functions();
std::span<const function> text_functions();

inline constexpr std::size_t any_number = 64; ///< of arguments

/// Converts each argument to `types`, one by one; the last of them counts for all that follow.
inline result<void> convert_all(expression_builder& builder, std::string_view name, arguments in,
                                std::initializer_list<column_type> types) {
  const auto* type = types.begin();
  for (auto& value : in) {
    auto converted = builder.convert(value, *type, name);
    if (!converted)
      return tl::unexpected{std::move(converted.error())};
    value = std::move(*converted);
    type += type + 1 != types.end();
  }
  return {};
}

/// All arguments as `From`, one instruction.
template <column_type From, column_type To, kernel Run>
result<operand> simple(expression_builder& builder, std::string_view name, arguments in) {
  if (auto converted = convert_all(builder, name, in, {From}); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(Run, To, in);
}

template <auto Function>
constexpr auto of_double = simple<column_type::float64, column_type::float64, kernels::unary<double, double, Function>>;

template <auto Function>
constexpr auto of_doubles =
    simple<column_type::float64, column_type::float64, kernels::binary<double, double, Function>>;

/// The text of an argument that has to be known before there is a record: a pattern, a unit, a zone.
inline result<std::string> literal_of(const operand& value, std::string_view name, std::string_view what) {
  if (value.text)
    return *value.text;
  return fail_at(value.column, std::string{name} + " wants " + std::string{what} + " as a text in quotes");
}

} // namespace weir::core
