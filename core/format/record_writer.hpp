#pragma once

#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "core/batch/record_block.hpp"

#include <memory>
#include <string>

namespace weir::core {

/// Writes the records of a batch that are still alive in the sink's format: the body as it came, behind it the columns
/// that steps have added (`!from_source && output`). The layout must outlive it. Not thread-safe.
class record_writer {
public:
  virtual ~record_writer() = default;

  /// Appends one entry for each of `b.rows`, in order, with the key that the record came in by.
  virtual void write(const batch& b, record_block& out) = 0;
};

/// Doubles are written so that they read back to the same bits (shortest form); NaN and infinities as null.
std::unique_ptr<record_writer> make_json_writer(const layout& columns);

/// RFC 4180 rows without a line end; null is an empty field.
std::unique_ptr<record_writer> make_csv_writer(const layout& columns);

/// The header of what make_csv_writer() writes, without a line end: the source's fields in body order, then the added
/// ones.
std::string csv_header(const std::vector<std::string>& body_fields, const layout& columns);

} // namespace weir::core
