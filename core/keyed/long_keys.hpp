#pragma once

#include "core/batch/batch.hpp"

#include <string>
#include <string_view>

namespace weir::core {

/// Takes those records out of `b.rows` whose key in column `by` is longer than max_key_bytes, for the dead letters. To
/// be called before any state of a record is touched.
/// @param name of the column, for the reason
void reject_long_keys(batch& b, column_id by, std::string_view name);

/// The same for keys that are no column of the batch. @param what they are called
void reject_long_keys(batch& b, const column& keys, const std::string& what);

/// The same for the keys that the records came with.
void reject_long_keys(batch& b);

} // namespace weir::core
