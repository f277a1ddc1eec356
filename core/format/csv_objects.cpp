#include "core/format/csv_objects.hpp"

#include "core/format/json_number.hpp"
#include "core/format/json_text.hpp"

namespace weir::core {

namespace {

void append_value(const csv_fields::field& field, std::string& out) {
  if (!field.is_quoted) {
    if (field.text.empty()) {
      out += "null";
      return;
    }
    // The number must be the whole field; a copy, because the field need not end in something that is no digit.
    const std::string text{field.text};
    json_number number;
    const bool is_number = read_json_number(text.c_str(), number) && number.end == text.c_str() + text.size();
    if (is_number || text == "true" || text == "false") {
      out += text;
      return;
    }
  }
  out += json_quoted(field.text);
}

} // namespace

csv_objects::csv_objects(const std::vector<std::string>& header) {
  for (const auto& name : header)
    members_.push_back(json_quoted(name) + ':');
}

result<std::string_view> csv_objects::object_of(std::string_view row) {
  if (!fields_.read(row))
    return fail(fields_.problem());
  if (fields_.size() != members_.size())
    return fail("the row has " + std::to_string(fields_.size()) + " fields, the header "
                + std::to_string(members_.size()));
  object_ = '{';
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (i > 0)
      object_ += ',';
    object_ += members_[i];
    append_value(fields_[i], object_);
  }
  object_ += '}';
  return object_;
}

} // namespace weir::core
