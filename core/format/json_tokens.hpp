#pragma once

#include "core/format/json_number.hpp"
#include "core/format/json_text.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::core {

/// A block of JSON text with its tokens, and the checks that the scan for tokens leaves open: the grammar of RFC 8259,
/// numbers, literals and escapes. All positions count from the block's first byte.
///
/// Nothing here looks for the end of a record at each token: tokens ascend, so it is enough that a record's last token
/// stands before its end. The block ends in a line feed, at which every check fails, and the tokens behind the last
/// point at it.
class json_tokens {
public:
  using cursor = const std::uint32_t*;

  static constexpr int max_depth = 1024; ///< of arrays and objects in each other; deeper is refused

  void start(const char* text, std::size_t size) noexcept {
    text_ = text;
    size_ = static_cast<std::uint32_t>(size);
    find_backslash(0);
  }

  const char* text() const noexcept { return text_; }

  /// Goes back or ahead to `position`; to be called after a failure.
  void resume(std::uint32_t position) noexcept { find_backslash(position); }

  /// What the last failure was, and where.
  const char* problem() const noexcept { return problem_; }
  std::uint32_t problem_at() const noexcept { return problem_at_; }

  /// Notes a failure; the return value is for `return fail(...)`.
  std::nullptr_t fail(const char* problem, std::uint32_t position) noexcept {
    problem_ = problem;
    problem_at_ = position;
    return nullptr;
  }

  /// What stands between the quotes of the string at `token`.
  std::string_view string_at(cursor token) const noexcept {
    const char* first = text_ + token[0] + 1;
    const char* close = text_ + token[1] - 1;
    while (*close != '"')
      --close;
    return {first, static_cast<std::size_t>(close - first)};
  }

  /// Whether the string at `token` has an escape. Strings are to be asked for in the order of the text.
  bool has_escape(cursor token) const noexcept { return backslash_ < token[1]; }

  /// Checks the escapes of the string at `token` and goes on behind it. Null when one is wrong.
  cursor check_escapes(cursor token) noexcept;

  /// Reads the number at `token`. Null when it is not one.
  cursor read_number(cursor token, json_number& number) noexcept {
    if (read_json_number(text_ + token[0], number) && ends_token(number.end, token)) [[likely]]
      return token + 1;
    return fail("not a number", token[0]);
  }

  /// Checks `true`, `false` or `null` at `token`.
  cursor check_literal(cursor token) noexcept {
    const char* p = text_ + token[0];
    const std::size_t size = *p == 'f' ? 5 : 4;
    const char* literal = *p == 't' ? "true" : *p == 'f' ? "false" : "null";
    if (std::memcmp(p, literal, size) == 0 && ends_token(p + size, token))
      return token + 1;
    return fail("not a value", token[0]);
  }

  /// Checks the key at `token` and the colon behind it, and returns the value's token; null when either is not there.
  cursor skip_key(cursor token) noexcept;

  /// Checks the value at `token`, whatever it is, and returns the token behind it; null when it is not JSON.
  /// @param end where the record ends
  cursor skip_value(cursor token, std::uint32_t end) noexcept {
    if (text_[token[0]] == '"' && !has_escape(token)) [[likely]]
      return token + 1;
    return skip_other(token, end);
  }

private:
  /// Whether nothing but white space stands between `p` and the token behind `token`.
  bool ends_token(const char* p, cursor token) const noexcept {
    const char* next = text_ + token[1];
    while (p < next && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
      ++p;
    return p == next;
  }

  cursor skip_scalar(cursor token) noexcept;
  /// Checks any value but a string without escapes.
  cursor skip_other(cursor token, std::uint32_t end) noexcept;
  cursor skip_container(cursor token, std::uint32_t end) noexcept;

  void find_backslash(std::uint32_t from) noexcept {
    const auto* found = static_cast<const char*>(std::memchr(text_ + from, '\\', size_ - from));
    backslash_ = found == nullptr ? size_ : static_cast<std::uint32_t>(found - text_);
  }

  const char* text_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t backslash_ = 0; ///< the first one that is not before the current token; size_ when there is none
  const char* problem_ = nullptr;
  std::uint32_t problem_at_ = 0;
};

} // namespace weir::core
