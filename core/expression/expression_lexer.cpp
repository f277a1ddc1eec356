#include "core/expression/expression_lexer.hpp"

#include "core/format/json_number.hpp"

#include <array>

namespace weir::core {

namespace {

bool starts_name(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) noexcept {
  return starts_name(c) || is_digit(c) || c == '.';
}

} // namespace

bool expression_token::is_word(std::string_view word) const noexcept {
  if (what != kind::name || raw.size() != word.size())
    return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if ((raw[i] | 0x20) != word[i])
      return false;
  return true;
}

result<expression_token> expression_lexer::next() {
  using kind = expression_token::kind;
  while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r')))
    ++at_;
  const auto begin = at_;
  const auto rest = text_.substr(begin);
  const auto take = [&](kind what, std::size_t size) {
    at_ = begin + size;
    return expression_token{what, rest.substr(0, size), {}, begin + 1};
  };
  if (rest.empty())
    return take(kind::end, 0);
  const char c = rest[0];
  if (c == '\'' || c == '"')
    return quoted(kind::text);
  if (c == '`')
    return quoted(kind::quoted_name);
  if (starts_name(c)) {
    std::size_t size = 1;
    while (size < rest.size() && continues_name(rest[size]))
      ++size;
    return take(kind::name, size);
  }
  if (is_digit(c) || (c == '.' && rest.size() > 1 && is_digit(rest[1]))) {
    std::size_t size = 1;
    const auto at = [&](std::size_t i) { return i < rest.size() ? rest[i] : '\0'; };
    while (continues_name(at(size)) || ((at(size) == '+' || at(size) == '-') && (rest[size - 1] | 0x20) == 'e'))
      ++size;
    return take(kind::number, size);
  }
  static constexpr std::array<std::string_view, 21> symbols{
      "==", "!=", "<>", "<=", ">=", "&&", "||", "=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", ",", "&", "|"};
  for (const auto symbol : symbols)
    if (rest.starts_with(symbol)) {
      if (symbol == "&" || symbol == "|")
        return fail_at(begin + 1, "unknown operator '" + std::string{symbol} + "'",
                       "write '" + std::string{symbol} + std::string{symbol} + "'");
      return take(kind::symbol, symbol.size());
    }
  return fail_at(begin + 1, "unexpected character '" + std::string{c} + "'");
}

result<expression_token> expression_lexer::quoted(expression_token::kind kind) {
  expression_token token{kind, {}, {}, at_ + 1};
  const auto begin = at_;
  const char quote = text_[at_++];
  for (;;) {
    const auto close = text_.find(quote, at_);
    if (close == std::string_view::npos)
      return fail_at(begin + 1, "a quote that is never closed");
    token.value.append(text_, at_, close - at_);
    at_ = close + 1;
    if (at_ == text_.size() || text_[at_] != quote)
      break;
    token.value.push_back(quote);
    ++at_;
  }
  token.raw = text_.substr(begin, at_ - begin);
  return token;
}

} // namespace weir::core
