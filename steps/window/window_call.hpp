#pragma once

#include "core/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::steps {

/// A function of a window as it stands in a file: `quantile(Amount, 0.95)`, `count()`.
struct window_call {
  std::string function;
  std::string column{}; ///< empty: none
  std::optional<double> number{};
};

/// Column names stand as in expressions, in backticks where they have to. An error says what is wrong with the text.
core::result<window_call> parse_window_call(std::string_view text);

} // namespace weir::steps
