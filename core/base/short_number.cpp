#include "core/base/short_number.hpp"

#include <cmath>
#include <cstdio>

namespace weir::core {

std::string short_number(double value) {
  if (!std::isfinite(value))
    return "-";
  char text[32];
  const auto is_long = std::abs(value) >= 1e4 && std::abs(value) < 1e12;
  std::snprintf(text, sizeof text, is_long ? "%.0f" : "%.4g", value);
  return text;
}

} // namespace weir::core
