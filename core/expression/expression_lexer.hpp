#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::core {

/// A word of an expression.
struct expression_token {
  enum class kind { end, number, text, name, quoted_name, symbol };

  kind what = kind::end;
  std::string_view raw;   ///< as it stands in the expression
  std::string value;      ///< of a text or a quoted name, without the quotes
  std::size_t column = 1; ///< 1-based, in bytes

  /// Whether it is this keyword, in any case.
  bool is_word(std::string_view word) const noexcept;
  bool is_symbol(std::string_view symbol) const noexcept { return what == kind::symbol && raw == symbol; }
};

/// An error at a place of an expression.
inline tl::unexpected<error> fail_at(std::size_t column, std::string what, std::string remedy = {}) {
  return fail(std::move(what), "col " + std::to_string(column), std::move(remedy));
}

/// Cuts an expression into words.
class expression_lexer {
public:
  explicit expression_lexer(std::string_view text) noexcept : text_{text} {}

  /// The next word; `end` again and again behind the last.
  result<expression_token> next();

private:
  result<expression_token> quoted(expression_token::kind kind);

  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace weir::core
