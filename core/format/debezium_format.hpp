#pragma once

#include "core/format/format.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What debezium_format consists of, beside core/format/change_field.hpp, change_source.hpp and connect_schema.hpp.

namespace weir::core {

/// What a column of the pipeline's schema is of a change event. `before.X`: X of the old row, null where there is none;
/// `__op`, `__deleted`, `__ts_ms`, `__source_X` and `__X` as Debezium's ExtractNewRecordState calls what it adds: the
/// operation, whether it is a delete, a field of the envelope, a field of its `source`; else: a field of the row.
struct change_column {
  enum class part { row, old_row, operation, deleted, envelope, source };

  part of = part::row;
  std::string_view name; ///< in that part
};

change_column change_column_of(std::string_view column) noexcept;

std::unique_ptr<decoder> make_debezium_decoder(decode_options options);

/// The key that the row has in `field`. Never an error.
result<std::unique_ptr<record_key>> make_debezium_key(const std::vector<std::string>& header, const std::string& field);

} // namespace weir::core
