#pragma once

#include "core/format/csv_rows.hpp"
#include "core/format/format.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Writes CSV rows as JSON objects: a field is a number where it is one as JSON writes it, `true` or `false`, null
/// where it is empty without quotes, else a string. Not thread-safe.
class csv_objects final : public row_objects {
public:
  explicit csv_objects(const std::vector<std::string>& header);

  result<std::string_view> object_of(std::string_view row) override;

private:
  std::vector<std::string> members_; ///< `"name":` of each field
  csv_fields fields_;
  std::string object_;
};

} // namespace weir::core
