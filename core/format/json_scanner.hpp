#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace weir::core {

/// Finds where the tokens of JSON text begin: simdjson's stage 1, which picks the best code for the machine it runs on.
/// A token is one of `{}[]:,`, the opening quote of a string, or the first byte of a run that is neither white space
/// nor any of these; a run right behind another run (`1"a"`) may have no token of its own. Keeps its memory between
/// calls.
class json_scanner {
public:
  json_scanner();
  ~json_scanner();

  /// Positions of the tokens of text[0, size), ascending. Behind them stand `lookahead` more that all point at the
  /// last byte. Null when the text is not UTF-8, a string has no end, or a control character stands in a string.
  /// @param count how many there are
  /// @pre size > 0
  const std::uint32_t* scan(const char* text, std::size_t size, std::size_t& count);

  static constexpr std::size_t lookahead = 4;

private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  std::size_t capacity_ = 0;
};

} // namespace weir::core
