#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace weir::core {

struct expression_program;

/// An expression over the columns of a layout: `Total > 50 and hour(Date) between 8 and 18`.
///
/// Operands: numbers, 'text' or "text" (a quote is doubled), true, false, null, column names, `names with blanks` in
/// backticks. Operators, loosest first: or ||, and &&, not !, comparisons (= == != <> < <= > >=, in (...), between a
/// and b, is null, each also with not), + -, * / %, unary -. Functions: see expression_functions.cpp, or the message
/// for an unknown one.
///
/// Null is SQL's: an operator with a null operand gives null, `and` and `or` give what the other operand decides.
/// Integers stay integers under + - * %; what does not fit, and a remainder by zero, is null. `/` gives a double, IEEE
/// 754 as is (infinities, NaN). An integer beside a double is read as a double. Text beside a timestamp is read as a
/// time. Everything is evaluated, also the branch of if() that is not taken.
class expression {
public:
  /// Resolves names against `columns` as it is now. `error::where` is `col N`, counted in bytes from 1.
  static result<expression> bind(const layout& columns, std::string_view text);

  column_type type() const noexcept;

  /// The value for each record of `b`, also for those not in `b.rows` (whose values are not to be relied on).
  /// A batch without `raw` ends with the last of `b.rows`. Safe to be called from several threads.
  /// @pre the columns of collect_columns() are there
  column_ptr evaluate(const batch& b) const;

  /// Appends those of `b.rows` for which it is true; not those for which it is false or null.
  /// @pre type() is boolean; as evaluate()
  void select(const batch& b, std::vector<row_index>& rows) const;

  /// Appends the columns that it reads, each once, ascending.
  void collect_columns(std::vector<column_id>& into) const;

private:
  explicit expression(std::shared_ptr<const expression_program> program) noexcept : program_{std::move(program)} {}

  std::shared_ptr<const expression_program> program_;
};

} // namespace weir::core
