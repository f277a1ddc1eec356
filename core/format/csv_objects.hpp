#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_rows.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Writes CSV rows as JSON objects: a field is a number where it is one as JSON writes it, `true` or `false`, null
/// where it is empty without quotes, else a string. Not thread-safe.
class csv_objects {
public:
  explicit csv_objects(const std::vector<std::string>& header);

  /// The object of a row, valid until the next call; an error says why the row has none.
  result<std::string_view> object_of(std::string_view row);

private:
  std::vector<std::string> members_; ///< `"name":` of each field
  csv_fields fields_;
  std::string object_;
};

} // namespace weir::core
