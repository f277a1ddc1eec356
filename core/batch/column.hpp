#pragma once

#include "core/base/types.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

enum class column_type : std::uint8_t {
  boolean,   ///< 0 or 1 in `i64`
  int64,     ///< `i64`
  float64,   ///< `f64`
  timestamp, ///< `i64`, milliseconds since 1970-01-01T00:00:00Z
  string,    ///< `text`, UTF-8
};

/// `bool`, `int`, `double`, `timestamp`, `string`: the names that a schema uses.
std::string_view to_string(column_type type) noexcept;

/// The values of one field, one for each record of a raw_block (dense: also for records that were filtered out).
/// Exactly one of `f64`, `i64`, `text` has values, as `type` says. Immutable once it is part of a batch.
struct column {
  column_type type = column_type::float64;
  std::vector<double> f64;
  std::vector<std::int64_t> i64;
  std::vector<std::string_view> text;       ///< views into the raw_block or into `arena`
  std::vector<std::uint8_t> null;           ///< empty when nothing is null, else 1 for each null record
  std::shared_ptr<const std::string> arena; ///< owns unescaped or made-up text; never reallocated once shared

  bool is_null(row_index row) const noexcept { return !null.empty() && null[row] != 0; }

  /// Bytes held, for the accounting of memory; an estimate.
  std::size_t footprint() const noexcept {
    return f64.capacity() * 8 + i64.capacity() * 8 + text.capacity() * sizeof(std::string_view) + null.capacity()
           + (arena ? arena->capacity() : 0);
  }
};

using column_ptr = std::shared_ptr<const column>;

} // namespace weir::core
