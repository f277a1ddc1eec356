#pragma once

#include "core/base/short_number.hpp"
#include "io/json_document.hpp"
#include "models/evaluation.hpp"

#include <cmath>
#include <span>
#include <string>
#include <string_view>

namespace weir::cli {

/// A number as JSON has it; null where it cannot be told.
inline void write_number(std::string_view name, double value, io::json_document& out) {
  out.key(name);
  if (std::isfinite(value))
    out.value(value);
  else
    out.null();
}

/// An object of them.
inline void write_measures(std::span<const models::named_measure> measures, io::json_document& out) {
  out.begin_object();
  for (const auto& [name, value] : measures)
    write_number(name, value, out);
  out.end_object();
}

/// With four digits, and all before the point; `-` where it cannot be told.
inline std::string shown(double value) {
  return core::short_number(value);
}

/// `rmse` as a person writes it: `RMSE`.
std::string_view title_of(std::string_view measure);

} // namespace weir::cli
