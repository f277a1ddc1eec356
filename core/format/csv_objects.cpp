#include "core/format/csv_objects.hpp"

#include "core/format/json_number.hpp"
#include "core/format/json_text.hpp"

namespace weir::core {

void append_json_value(const csv_fields::field& field, std::string& out) {
  const auto text = field.text;
  if (!field.is_quoted && (text == "true" || text == "false" || json_number_of(text)))
    out += text;
  else if (!field.is_quoted && text.empty())
    out += "null";
  else
    append_json_text(text, out);
}

csv_objects::csv_objects(const std::vector<std::string>& header, const csv_dialect& dialect) : fields_{dialect} {
  for (const auto& name : header)
    members_.push_back(json_quoted(name) + ':');
}

result<std::string_view> csv_objects::object_of(std::string_view row) {
  row_ = row; // with a byte behind it
  if (!fields_.read(row_))
    return fail(fields_.problem());
  if (fields_.size() != members_.size())
    return fail("the row has " + std::to_string(fields_.size()) + " fields, the header "
                + std::to_string(members_.size()));
  object_ = '{';
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (i > 0)
      object_ += ',';
    object_ += members_[i];
    append_json_value(fields_[i], object_);
  }
  object_ += '}';
  return object_;
}

} // namespace weir::core
