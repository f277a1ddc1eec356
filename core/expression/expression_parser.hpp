#pragma once

#include "core/batch/layout.hpp"
#include "core/expression/expression_builder.hpp"
#include "core/expression/expression_lexer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Reads an expression by recursive descent, one function for each level of precedence, and compiles it as it goes.
class expression_parser {
public:
  expression_parser(const layout& columns, std::string_view text) noexcept : columns_{columns}, lexer_{text} {}

  result<expression_program> parse();

private:
  static constexpr int max_depth = 128; ///< of parentheses, calls and signs in each other

  result<operand> disjunction();
  result<operand> conjunction();
  result<operand> inversion();
  result<operand> comparison();
  result<operand> membership(const operand& value);
  result<operand> range(const operand& value);
  result<operand> likeness(const operand& value);
  result<operand> sum();
  result<operand> product();
  result<operand> sign();
  result<operand> primary();
  result<operand> number();
  result<operand> name();
  result<operand> cases();
  result<std::vector<operand>> list();

  result<void> advance();
  result<bool> accept_word(std::string_view word);
  result<bool> accept_symbol(std::string_view symbol);
  result<void> expect_word(std::string_view word);
  result<void> expect_symbol(std::string_view symbol);
  std::string found() const;
  tl::unexpected<error> unexpected_word() const;
  tl::unexpected<error> too_long() const;

  const layout& columns_;
  expression_lexer lexer_;
  expression_token token_;
  expression_builder builder_;
  int depth_ = 0;
};

} // namespace weir::core
