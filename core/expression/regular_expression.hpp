#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace weir::core {

/// A regular expression in RE2's syntax, which takes time proportional to the text whatever the pattern is. Texts are
/// UTF-8. Immutable, and safe to be used by several threads.
class regular_expression {
public:
  /// An error says what RE2 says.
  static result<regular_expression> compile(std::string_view pattern);

  /// Somewhere in the text.
  bool matches(std::string_view text) const;

  /// What the first match has in a group; 0 is the whole match. False: there is no match, no such group, or it took no
  /// part.
  bool extract(std::string_view text, std::int64_t group, std::string_view& out) const;

  /// The text with `by` in the place of each match; `\1` in it is the first group, `\\` a `\`. A reference to a group
  /// that is not there leaves the text as it is.
  std::string replace(std::string_view text, std::string_view by) const;

  int groups() const noexcept;

private:
  std::shared_ptr<const re2::RE2> pattern_;
};

} // namespace weir::core
