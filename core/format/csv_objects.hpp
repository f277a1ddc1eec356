#pragma once

#include "core/format/csv_rows.hpp"
#include "core/format/format.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Appends a field whose type nobody knows as a value of JSON: a number where it is one as JSON writes it, `true` or
/// `false`, null where it is empty without quotes, else a string, as what stands in quotes.
/// @pre a byte can be read behind the field
void append_json_value(const csv_fields::field& field, std::string& out);

/// Writes CSV rows as JSON objects. Not thread-safe.
class csv_objects final : public row_objects {
public:
  explicit csv_objects(const std::vector<std::string>& header, const csv_dialect& dialect = {});

  result<std::string_view> object_of(std::string_view row) override;

private:
  std::vector<std::string> members_; ///< `"name":` of each field
  std::string row_;
  csv_fields fields_;
  std::string object_;
};

} // namespace weir::core
