#include "core/expression/expression_parser.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/read_number.hpp"

namespace weir::core {

namespace {

/// `known columns: a, b`, up to a dozen.
std::string known_columns(const layout& columns) {
  std::string list;
  std::size_t count = 0;
  for (const auto& c : columns) {
    if (c.gone)
      continue;
    if (++count > 12)
      return list + ", ...";
    list += (list.empty() ? "known columns: " : ", ") + c.name;
  }
  return list;
}

} // namespace

result<expression_program> expression_parser::parse() {
  if (const auto first = advance(); !first)
    return tl::unexpected{first.error()};
  if (token_.what == expression_token::kind::end)
    return fail_at(1, "empty expression");
  const auto value = disjunction();
  if (!value)
    return tl::unexpected{value.error()};
  if (token_.what != expression_token::kind::end)
    return unexpected_word();
  if (value->is_null)
    return fail_at(value->column, "null has no type of its own");
  return std::move(builder_).finish(*value);
}

result<operand> expression_parser::disjunction() {
  if (depth_ >= max_depth)
    return fail_at(token_.column, "nested too deeply", "split it into several derived columns");
  ++depth_;
  auto value = conjunction();
  while (value) {
    const auto word = accept_word("or");
    const auto symbol = word && !*word ? accept_symbol("||") : word;
    if (!symbol)
      return tl::unexpected{symbol.error()};
    if (!*symbol)
      break;
    auto right = conjunction();
    value = right ? connect(builder_, false, *value, *right) : right;
    if (builder_.is_full())
      return too_long();
  }
  --depth_;
  return value;
}

result<operand> expression_parser::conjunction() {
  auto value = inversion();
  while (value) {
    const auto word = accept_word("and");
    const auto symbol = word && !*word ? accept_symbol("&&") : word;
    if (!symbol)
      return tl::unexpected{symbol.error()};
    if (!*symbol)
      break;
    auto right = inversion();
    value = right ? connect(builder_, true, *value, *right) : right;
    if (builder_.is_full())
      return too_long();
  }
  return value;
}

result<operand> expression_parser::inversion() {
  bool inverted = false;
  for (;;) {
    const auto word = accept_word("not");
    const auto symbol = word && !*word ? accept_symbol("!") : word;
    if (!symbol)
      return tl::unexpected{symbol.error()};
    if (!*symbol)
      break;
    inverted = !inverted;
  }
  auto value = comparison();
  return value && inverted ? invert(builder_, *value) : value;
}

result<operand> expression_parser::comparison() {
  auto value = sum();
  if (!value)
    return value;
  for (const std::string_view symbol : {"==", "=", "!=", "<>", "<=", "<", ">=", ">"}) {
    const auto found = accept_symbol(symbol);
    if (!found)
      return tl::unexpected{found.error()};
    if (!*found)
      continue;
    auto right = sum();
    return right ? compare(builder_, symbol, *value, *right) : right;
  }
  const auto is = accept_word("is");
  if (!is)
    return tl::unexpected{is.error()};
  const auto inverted = accept_word("not");
  if (!inverted)
    return tl::unexpected{inverted.error()};
  if (*is) {
    const auto null = accept_word("null");
    if (!null)
      return tl::unexpected{null.error()};
    if (!*null)
      return fail_at(token_.column, "expected 'null' behind 'is'", "write '==' to compare with something else");
    value = test_null(builder_, *value);
  } else if (token_.is_word("in")) {
    value = membership(*value);
  } else if (token_.is_word("between")) {
    value = range(*value);
  } else if (token_.is_word("like")) {
    value = likeness(*value);
  } else if (*inverted) {
    return unexpected_word();
  }
  return value && *inverted ? invert(builder_, *value) : value;
}

result<operand> expression_parser::membership(const operand& value) {
  if (const auto next = advance(); !next)
    return tl::unexpected{next.error()};
  if (const auto open = expect_symbol("("); !open)
    return tl::unexpected{open.error()};
  const auto values = list();
  if (!values)
    return tl::unexpected{values.error()};
  if (values->empty())
    return fail_at(token_.column, "an empty list", "name at least one value");
  result<operand> any = compare(builder_, "==", value, values->front());
  for (std::size_t i = 1; i < values->size() && any; ++i) {
    auto equal = compare(builder_, "==", value, (*values)[i]);
    any = equal ? connect(builder_, false, *any, *equal) : equal;
  }
  return any;
}

result<operand> expression_parser::range(const operand& value) {
  if (const auto next = advance(); !next)
    return tl::unexpected{next.error()};
  const auto low = sum();
  if (!low)
    return low;
  const auto both = accept_word("and");
  if (!both)
    return tl::unexpected{both.error()};
  if (!*both)
    return fail_at(token_.column, "expected 'and' behind 'between a'");
  const auto high = sum();
  if (!high)
    return high;
  const auto above = compare(builder_, ">=", value, *low);
  const auto below = above ? compare(builder_, "<=", value, *high) : above;
  return below ? connect(builder_, true, *above, *below) : below;
}

result<operand> expression_parser::likeness(const operand& value) {
  const auto at = token_.column;
  if (const auto next = advance(); !next)
    return tl::unexpected{next.error()};
  auto pattern = sum();
  return pattern ? call_function(builder_, "like", at, {value, *pattern}) : pattern;
}

/// `case when CONDITION then VALUE ... else VALUE end`. Without `else` the rest is null.
result<operand> expression_parser::cases() {
  std::vector<std::pair<operand, operand>> branches;
  for (;;) {
    const auto when = accept_word("when");
    if (!when)
      return tl::unexpected{when.error()};
    if (!*when)
      break;
    auto condition = disjunction();
    if (!condition)
      return condition;
    if (const auto then = expect_word("then"); !then)
      return tl::unexpected{then.error()};
    auto value = disjunction();
    if (!value)
      return value;
    branches.emplace_back(std::move(*condition), std::move(*value));
    if (builder_.is_full())
      return too_long();
  }
  if (branches.empty())
    return fail_at(token_.column, "expected 'when' behind 'case'");
  const auto has_rest = accept_word("else");
  if (!has_rest)
    return tl::unexpected{has_rest.error()};
  result<operand> rest = builder_.null(token_.column);
  if (*has_rest)
    rest = disjunction();
  if (!rest)
    return rest;
  if (const auto end = expect_word("end"); !end)
    return tl::unexpected{end.error()};
  for (auto branch = branches.rbegin(); branch != branches.rend() && rest; ++branch)
    rest = choose(builder_, "case", branch->first, branch->second, *rest);
  return rest;
}

result<operand> expression_parser::sum() {
  auto value = product();
  while (value && (token_.is_symbol("+") || token_.is_symbol("-"))) {
    const char symbol = token_.raw[0];
    if (const auto next = advance(); !next)
      return tl::unexpected{next.error()};
    auto right = product();
    value = right ? calculate(builder_, symbol, *value, *right) : right;
    if (builder_.is_full())
      return too_long();
  }
  return value;
}

result<operand> expression_parser::product() {
  auto value = sign();
  while (value && (token_.is_symbol("*") || token_.is_symbol("/") || token_.is_symbol("%"))) {
    const char symbol = token_.raw[0];
    if (const auto next = advance(); !next)
      return tl::unexpected{next.error()};
    auto right = sign();
    value = right ? calculate(builder_, symbol, *value, *right) : right;
    if (builder_.is_full())
      return too_long();
  }
  return value;
}

result<operand> expression_parser::sign() {
  bool negative = false;
  while (token_.is_symbol("-") || token_.is_symbol("+")) {
    negative ^= token_.raw[0] == '-';
    if (const auto next = advance(); !next)
      return tl::unexpected{next.error()};
  }
  auto value = primary();
  return value && negative ? negate(builder_, *value) : value;
}

result<operand> expression_parser::primary() {
  const auto token = token_;
  switch (token.what) {
  case expression_token::kind::number: return number();
  case expression_token::kind::name:
  case expression_token::kind::quoted_name: return name();
  case expression_token::kind::text: {
    const auto next = advance();
    return next ? result<operand>{builder_.text(token.value, token.column)} : tl::unexpected{next.error()};
  }
  default: break;
  }
  if (!token.is_symbol("("))
    return unexpected_word();
  if (const auto next = advance(); !next)
    return tl::unexpected{next.error()};
  auto value = disjunction();
  if (!value)
    return value;
  const auto close = expect_symbol(")");
  return close ? value : tl::unexpected{close.error()};
}

result<operand> expression_parser::number() {
  const auto token = token_;
  if (const auto next = advance(); !next)
    return tl::unexpected{next.error()};
  if (const auto whole = read_number<std::int64_t>(token.raw))
    return builder_.int64(*whole, token.column);
  if (const auto real = read_number<double>(token.raw))
    return builder_.float64(*real, token.column);
  return fail_at(token.column, "'" + std::string{token.raw} + "' is no number");
}

result<operand> expression_parser::name() {
  const auto token = token_;
  if (const auto next = advance(); !next)
    return tl::unexpected{next.error()};
  const bool is_quoted = token.what == expression_token::kind::quoted_name;
  const std::string text = is_quoted ? token.value : std::string{token.raw};
  if (!is_quoted && token_.is_symbol("(")) {
    if (const auto next = advance(); !next)
      return tl::unexpected{next.error()};
    auto arguments = list();
    if (!arguments)
      return tl::unexpected{arguments.error()};
    return call_function(builder_, text, token.column, std::move(*arguments));
  }
  if (token.is_word("true") || token.is_word("false"))
    return builder_.boolean(token.is_word("true"), token.column);
  if (token.is_word("null"))
    return builder_.null(token.column);
  if (token.is_word("case") && token_.is_word("when"))
    return cases();
  if (const auto id = columns_.find(text))
    return builder_.column(*id, columns_[*id].type, token.column);
  std::vector<std::string_view> names;
  for (const auto& c : columns_)
    if (!c.gone)
      names.push_back(c.name);
  const auto remedy = did_you_mean(text, names);
  return fail_at(token.column, "unknown column '" + text + "'", remedy.empty() ? known_columns(columns_) : remedy);
}

/// Values up to the closing parenthesis.
result<std::vector<operand>> expression_parser::list() {
  std::vector<operand> values;
  if (token_.is_symbol(")")) {
    const auto close = advance();
    return close ? result<std::vector<operand>>{values} : tl::unexpected{close.error()};
  }
  for (;;) {
    auto value = disjunction();
    if (!value)
      return tl::unexpected{value.error()};
    values.push_back(std::move(*value));
    if (builder_.is_full())
      return too_long();
    const auto comma = accept_symbol(",");
    if (!comma)
      return tl::unexpected{comma.error()};
    if (!*comma)
      break;
  }
  const auto close = expect_symbol(")");
  return close ? result<std::vector<operand>>{std::move(values)} : tl::unexpected{close.error()};
}

result<void> expression_parser::advance() {
  auto next = lexer_.next();
  if (!next)
    return tl::unexpected{next.error()};
  token_ = std::move(*next);
  return {};
}

result<bool> expression_parser::accept_word(std::string_view word) {
  if (!token_.is_word(word))
    return false;
  const auto next = advance();
  return next ? result<bool>{true} : tl::unexpected{next.error()};
}

result<bool> expression_parser::accept_symbol(std::string_view symbol) {
  if (!token_.is_symbol(symbol))
    return false;
  const auto next = advance();
  return next ? result<bool>{true} : tl::unexpected{next.error()};
}

result<void> expression_parser::expect_word(std::string_view word) {
  if (token_.is_word(word))
    return advance();
  return fail_at(token_.column, "expected '" + std::string{word} + "', found " + found());
}

std::string expression_parser::found() const {
  return token_.what == expression_token::kind::end ? "the end" : "'" + std::string{token_.raw.substr(0, 40)} + "'";
}

result<void> expression_parser::expect_symbol(std::string_view symbol) {
  if (token_.is_symbol(symbol))
    return advance();
  return fail_at(token_.column, "expected '" + std::string{symbol} + "', found " + found());
}

tl::unexpected<error> expression_parser::too_long() const {
  return fail_at(token_.column, "too long an expression", "split it into several derived columns");
}

tl::unexpected<error> expression_parser::unexpected_word() const {
  if (token_.what == expression_token::kind::end)
    return fail_at(token_.column, "the expression ends too early");
  return fail_at(token_.column, "unexpected '" + std::string{token_.raw.substr(0, 40)} + "'");
}

} // namespace weir::core
