#include "core/format/csv_format.hpp"
#include "core/format/csv_rows.hpp"

#include <algorithm>
#include <cstddef>

namespace weir::core {

namespace {

class csv_key final : public record_key {
public:
  csv_key(std::size_t field, const csv_dialect& dialect) noexcept : field_{field}, fields_{dialect} {}

  std::optional<std::string_view> of(std::string_view record) override {
    if (!fields_.read(record) || field_ >= fields_.size())
      return std::nullopt;
    const auto& field = fields_[field_];
    if (field.text.empty() && !field.is_quoted)
      return std::nullopt;
    return field.text;
  }

private:
  std::size_t field_;
  csv_fields fields_;
};

} // namespace

result<std::unique_ptr<record_key>> make_csv_key(const std::vector<std::string>& header, const std::string& field,
                                                 const csv_dialect& dialect) {
  const auto found = std::find(header.begin(), header.end(), field);
  if (found == header.end())
    return fail("there is no column '" + field + "' to key by", {}, "the columns are in the first line of the file");
  return std::make_unique<csv_key>(static_cast<std::size_t>(found - header.begin()), dialect);
}

} // namespace weir::core
