#include "core/format/json_tokens.hpp"

#include <bitset>

namespace weir::core {

json_tokens::cursor json_tokens::check_escapes(cursor token) noexcept {
  const auto text = string_at(token);
  const auto bad = find_bad_escape(text);
  if (bad != std::string_view::npos)
    return fail("unknown escape in a string", token[0] + 1 + static_cast<std::uint32_t>(bad));
  find_backslash(token[1]);
  return token + 1;
}

json_tokens::cursor json_tokens::skip_other(cursor token, std::uint32_t end) noexcept {
  switch (text_[token[0]]) {
  case '"': return check_escapes(token);
  case '{':
  case '[': return skip_container(token, end);
  default: return skip_scalar(token);
  }
}

json_tokens::cursor json_tokens::skip_scalar(cursor token) noexcept {
  switch (text_[token[0]]) {
  case 't':
  case 'f':
  case 'n': return check_literal(token);
  default: {
    json_number number;
    return read_number(token, number);
  }
  }
}

json_tokens::cursor json_tokens::skip_container(cursor token, std::uint32_t end) noexcept {
  std::bitset<max_depth> is_object;
  int depth = 0;
  for (;;) {
    // Here `token` is a value.
    const char c = text_[token[0]];
    if (c == '{' || c == '[') {
      if (token[0] >= end || depth == max_depth - 1) // the record itself is an object
        return fail(depth == max_depth - 1 ? "nested too deeply" : "unexpected end", token[0]);
      is_object[static_cast<std::size_t>(depth++)] = c == '{';
      ++token;
      if (text_[token[0]] != (c == '{' ? '}' : ']')) {
        if (c == '[')
          continue;
        if ((token = skip_key(token)) == nullptr)
          return nullptr;
        continue;
      }
      --depth;
      ++token;
    } else {
      token = c == '"' ? has_escape(token) ? check_escapes(token) : token + 1 : skip_scalar(token);
      if (token == nullptr)
        return nullptr;
    }
    // Here it is what follows a value.
    for (;;) {
      if (depth == 0)
        return token;
      const bool object = is_object[static_cast<std::size_t>(depth - 1)];
      const char separator = text_[token[0]];
      if (separator == ',') {
        ++token;
        if (object && (token = skip_key(token)) == nullptr)
          return nullptr;
        break;
      }
      if (separator != (object ? '}' : ']'))
        return fail(object ? "expected ',' or '}'" : "expected ',' or ']'", token[0]);
      --depth;
      ++token;
    }
  }
}

json_tokens::cursor json_tokens::skip_key(cursor token) noexcept {
  if (text_[token[0]] != '"')
    return fail("expected a key", token[0]);
  if (text_[token[1]] != ':')
    return fail("expected ':'", token[1]);
  if (has_escape(token) && check_escapes(token) == nullptr)
    return nullptr;
  return token + 2;
}

} // namespace weir::core
