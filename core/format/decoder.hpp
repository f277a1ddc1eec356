#pragma once

#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/formats.hpp"
#include "core/format/value_encoding.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::core {

/// What a decoder is made for. The layout must outlive it.
struct decode_options {
  const layout* columns = nullptr;        ///< it fills those that are `from_source`
  std::vector<std::string> cut{};         ///< top-level fields that do not go through: dropped, or replaced by a step
  const format_kind* sink = &json_format; ///< the format that `batch::body` must have
  std::vector<std::string> header{};      ///< the fields of a row, in order, where the format has a header
  csv_dialect dialect{};                  ///< CSV only
  std::unordered_map<std::string, value_encoding> encodings{}; ///< change events only: of columns, by their names
  bool positions = false;                                      ///< change events only: fill batch::positions
};

/// Turns the payloads of a raw_block into columns, each payload parsed once. Not thread-safe: one for each actor.
class decoder {
public:
  virtual ~decoder() = default;

  /// Reads `b.raw`; fills `b.columns` of the source's fields, `b.body`, `b.rows`, and `b.rejected` with every record
  /// that is not well-formed, lacks a required field, or holds a value of another type than the schema says. Adds to
  /// `b.filtered` those that hold no row, in a format that has such records.
  virtual void decode(batch& b) = 0;
};

} // namespace weir::core
