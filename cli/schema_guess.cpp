#include "cli/schema_guess.hpp"

#include "core/format/csv_rows.hpp"

#include <algorithm>

namespace weir::cli {

schema_guess::schema_guess(const std::vector<std::string>& header) : columns_{header.size()} {
  for (const auto& name : header)
    field(name);
}

schema_guess::seen_field& schema_guess::field(std::string_view name) {
  const auto known = places_.find(name);
  if (known != places_.end())
    return fields_[known->second];
  places_.emplace(name, fields_.size());
  auto& made = fields_.emplace_back();
  made.name = name;
  return made;
}

void schema_guess::take(std::string_view record, std::optional<std::string_view> key) {
  ++records_;
  if (columns_ > 0 ? take_row(record, key) : take_object(record, key))
    return;
  --records_;
  ++unreadable_;
}

bool schema_guess::take_row(std::string_view row, std::optional<std::string_view> key) {
  core::csv_fields values;
  if (!values.read(row) || values.size() != columns_)
    return false;
  for (std::size_t i = 0; i < columns_; ++i) {
    const auto& value = values[i];
    if (value.text.empty() && !value.is_quoted)
      continue;
    auto& into = fields_[i];
    ++into.present;
    into.as_key += key == value.text ? 1 : 0;
    into.type.take_field(value);
  }
  return true;
}

bool schema_guess::take_object(std::string_view text, std::optional<std::string_view> key) {
  simdjson::dom::object object;
  if (parser_.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS)
    return false;
  for (const auto [name, value] : object) {
    auto& into = field(name);
    if (into.at == records_) // a duplicate: a pipeline takes the first
      continue;
    into.at = records_;
    if (!value.is_null())
      take_value(into, value, key);
  }
  return true;
}

void schema_guess::take_value(seen_field& into, simdjson::dom::element value, std::optional<std::string_view> key) {
  ++into.present;
  if (value.is_object() || value.is_array())
    return into.type.take_json("{}");
  const auto text = simdjson::minify(value);
  into.type.take_json(text);
  const std::string_view shown = value.is_string() ? value.get_string().value_unsafe() : std::string_view{text};
  into.as_key += (value.is_string() || value.is_int64()) && !shown.empty() && key == shown ? 1 : 0;
}

std::vector<guessed_field> schema_guess::fields() const {
  std::vector<guessed_field> made;
  bool has_key = false;
  for (const auto& one : fields_) {
    if (one.type.nested() > 0)
      continue;
    const bool is_key = !has_key && records_ > 0 && one.as_key == records_;
    has_key |= is_key;
    const auto type = one.type.may_be_milliseconds() ? core::column_type::timestamp : one.type.type();
    made.push_back({one.name, type, is_key, records_ > 0 && one.present == records_, one.type.doubt()});
  }
  return made;
}

std::vector<std::string> schema_guess::nested() const {
  std::vector<std::string> names;
  for (const auto& one : fields_)
    if (one.type.nested() > 0)
      names.push_back(one.name);
  return names;
}

} // namespace weir::cli
