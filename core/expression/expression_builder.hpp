#pragma once

#include "core/base/result.hpp"
#include "core/expression/expression_program.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir::core {

/// A typed value that an expression has computed, or will have.
struct operand {
  register_id at = 0;
  column_type type = column_type::float64;
  bool is_null = false;              ///< the literal null, which has no type yet
  std::optional<std::string> text;   ///< the value of a text literal
  std::optional<std::int64_t> whole; ///< the value of an integer literal
  std::size_t column = 1;            ///< where it stands in the expression, for messages
};

/// Puts a program together, one typed instruction after the other.
class expression_builder {
public:
  operand column(column_id id, column_type type, std::size_t at);
  operand boolean(bool value, std::size_t at);
  operand int64(std::int64_t value, std::size_t at);
  operand float64(double value, std::size_t at);
  operand text(std::string value, std::size_t at);
  operand null(std::size_t at);

  /// An instruction on `in`; the result stands where the first of them does.
  /// @param state what the kernel finds in the instruction
  operand emit(kernel run, column_type type, std::span<const operand> in, std::shared_ptr<const void> state = nullptr);

  /// `value` as `type`: integers become doubles, text literals times, and the literal null anything. Else an error that
  /// says what `who` expects.
  result<operand> convert(operand value, column_type type, std::string_view who);

  /// Converts all to the one type that they have in common.
  result<column_type> unify(std::span<operand> values, std::string_view who);

  bool is_full() const noexcept;

  /// @param value what the program computes
  expression_program finish(const operand& value) &&;

private:
  operand literal(instruction i, column_type type, std::size_t at);

  expression_program program_;
  register_id registers_ = 0;
};

/// The kernel that `pick` has for the elements of columns of `type`: `pick(double{})` and so on.
template <class Pick>
kernel by_type(column_type type, Pick pick) {
  switch (type) {
  case column_type::float64: return pick(double{});
  case column_type::boolean: return pick(std::uint8_t{});
  case column_type::string: return pick(std::string_view{});
  case column_type::int64:
  case column_type::timestamp: break;
  }
  return pick(std::int64_t{});
}

/// The call of a function by name; an error where there is no such function, or the arguments do not fit.
result<operand> call_function(expression_builder& builder, std::string_view name, std::size_t column,
                              std::vector<operand> arguments);

/// `a == b` and its like.
result<operand> compare(expression_builder& builder, std::string_view symbol, operand a, operand b);

/// `+ - * / %`.
result<operand> calculate(expression_builder& builder, char symbol, operand a, operand b);

result<operand> negate(expression_builder& builder, operand a);

/// `and`, `or`, `not`.
result<operand> connect(expression_builder& builder, bool conjunction, operand a, operand b);
result<operand> invert(expression_builder& builder, operand a);

/// The second value where the condition is true, else the third.
result<operand> choose(expression_builder& builder, std::string_view who, operand condition, operand then,
                       operand otherwise);

/// `is null`.
operand test_null(expression_builder& builder, const operand& a);

} // namespace weir::core
