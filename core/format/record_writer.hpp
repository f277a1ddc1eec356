#pragma once

#include "core/batch/batch.hpp"
#include "core/batch/record_block.hpp"

#include <memory>

namespace weir::core {

/// Writes the records of a batch that are still alive in the sink's format: the body as it came, behind it the columns
/// that steps have added (`!from_source && output`). Not thread-safe.
class record_writer {
public:
  virtual ~record_writer() = default;

  /// Appends one entry for each of `b.rows`, in order, with the key that the record came in by.
  virtual void write(const batch& b, record_block& out) = 0;
};

} // namespace weir::core
