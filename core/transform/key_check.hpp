#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"

#include <optional>
#include <string>

namespace weir::core {

/// Whether the key of each record is what the field holds that the schema calls the key. State by that field is kept
/// partition by partition: where the producer has keyed by something else, each partition has a part of it.
class key_check {
public:
  /// @param field the name of `column`
  key_check(column_id column, std::string field) : column_{column}, field_{std::move(field)} {}

  /// Names partition, offset, key and value of the first record that was decoded and has another key, or none. Null
  /// fields, and timestamps, which are written in too many ways, are not compared.
  std::optional<error> look(const batch& at) const;

private:
  column_id column_;
  std::string field_;
};

} // namespace weir::core
