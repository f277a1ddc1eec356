#pragma once

#include "core/base/civil_time.hpp"
#include "core/base/number_text.hpp"
#include "core/batch/column.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace weir::core {

/// The room that write_plain_value() needs.
inline constexpr std::size_t plain_value_size = std::max(number_text_size, timestamp_text_size);

/// Writes `true` or `false`.
inline char* write_bool(bool value, char* out) noexcept {
  std::memcpy(out, value ? "true" : "false", value ? 4 : 5);
  return out + (value ? 4 : 5);
}

/// Writes the value of any column but a string one, without quotes, and returns the end; nothing for NaN and
/// infinities. A timestamp outside the years 0000 to 9999 is written as a number of milliseconds, which reads back as
/// well.
/// @pre the value is not null
inline char* write_plain_value(const column& c, row_index row, char* out) noexcept {
  switch (c.type) {
  case column_type::float64: return std::isfinite(c.f64[row]) ? write_double(c.f64[row], out) : out;
  case column_type::int64: return write_int64(c.i64[row], out);
  case column_type::boolean: return write_bool(c.i64[row] != 0, out);
  case column_type::timestamp:
    return is_rfc3339_time(c.i64[row]) ? format_timestamp(c.i64[row], out) : write_int64(c.i64[row], out);
  case column_type::string: break;
  }
  return out;
}

} // namespace weir::core
