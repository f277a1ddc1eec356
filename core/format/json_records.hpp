#pragma once

#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "core/format/record_writer.hpp"

#include <memory>
#include <vector>

namespace weir::core {

/// Records of batches as JSON objects, whatever the sink's format is: what the sink gets where it gets JSON, else the
/// fields of the source and the columns that steps have made. Not thread-safe.
class json_records {
public:
  /// @param columns of a batch @param bodies_are_json whether the bodies of batches are members of JSON objects
  json_records(const layout& columns, bool bodies_are_json);

  /// A value for each of `rows`, in order. @param rows ascending
  record_block write(const batch& b, std::vector<row_index> rows);

private:
  layout columns_;
  bool bodies_are_json_;
  std::unique_ptr<record_writer> writer_;
};

} // namespace weir::core
