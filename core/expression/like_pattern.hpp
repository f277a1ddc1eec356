#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// A pattern of SQL's `like`: `%` stands for any text, `_` for one character, and a `\` makes the next one ordinary.
/// The whole text has to fit. Immutable.
class like_pattern {
public:
  /// An error: a `\` with nothing behind it.
  static result<like_pattern> compile(std::string_view text);

  /// In time proportional to both sizes at worst, without recursion.
  bool matches(std::string_view text) const noexcept;

private:
  struct element {
    enum class kind : std::uint8_t { byte, character, any };
    kind what = kind::byte;
    char byte = 0;
  };

  std::vector<element> elements_;
};

} // namespace weir::core
