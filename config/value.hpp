#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir::config {

/// A configuration value as it can be shown: what `weir echo` and `/api/v1/config` print. Nothing in it is secret.
struct value {
  using list = std::vector<value>;
  using mapping = std::vector<std::pair<std::string, value>>; ///< in order

  std::variant<std::monostate, bool, std::int64_t, double, std::string, list, mapping> data;

  bool is_nothing() const noexcept { return std::holds_alternative<std::monostate>(data); }
};

/// What stands in the place of a value that may be secret.
inline constexpr const char* hidden_value = "***";

} // namespace weir::config
