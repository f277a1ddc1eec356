#include "core/format/record_key.hpp"

#include <algorithm>

#include <simdjson.h>

namespace weir::core {

namespace {

namespace od = simdjson::ondemand;

/// The field whose name is `field`; nothing when there is none, or the object is not well-formed up to there.
std::optional<od::value> find(od::document& document, std::string_view field, std::string_view line) {
  od::object object;
  od::value value;
  if (document.get_object().get(object) != simdjson::SUCCESS)
    return std::nullopt;
  if (object.find_field_unordered(field).get(value) == simdjson::SUCCESS)
    return value;
  // The look-up compares names as they are written: one may be written with escapes.
  if (line.find('\\') == std::string_view::npos)
    return std::nullopt;
  document.rewind();
  if (document.get_object().get(object) != simdjson::SUCCESS)
    return std::nullopt;
  for (auto entry : object) {
    od::field one;
    std::string_view name;
    if (std::move(entry).get(one) != simdjson::SUCCESS || one.unescaped_key().get(name) != simdjson::SUCCESS)
      return std::nullopt;
    if (name == field)
      return one.value();
  }
  return std::nullopt;
}

/// The text of a value that is no string, as it is written.
std::optional<std::string_view> written(od::value& value, od::json_type type) {
  std::string_view text;
  bool ok = false;
  switch (type) {
  case od::json_type::object: {
    od::object nested;
    ok = value.get_object().get(nested) == simdjson::SUCCESS && nested.raw_json().get(text) == simdjson::SUCCESS;
    break;
  }
  case od::json_type::array: {
    od::array nested;
    ok = value.get_array().get(nested) == simdjson::SUCCESS && nested.raw_json().get(text) == simdjson::SUCCESS;
    break;
  }
  case od::json_type::null: return std::nullopt;
  default:
    text = value.raw_json_token();
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    ok = true;
  }
  return ok ? std::optional{text} : std::nullopt;
}

} // namespace

result<record_key> record_key::make(data_format format, const std::vector<std::string>& header,
                                    const std::string& field) {
  record_key made{format, field};
  if (format == data_format::json || field.empty())
    return made;
  const auto found = std::find(header.begin(), header.end(), field);
  if (found == header.end())
    return fail("there is no column '" + field + "' to key by", {}, "the columns are in the first line of the file");
  made.column_ = static_cast<std::size_t>(found - header.begin());
  return made;
}

std::optional<std::string_view> record_key::of(std::string_view record) {
  if (field_.empty())
    return std::nullopt;
  return format_ == data_format::csv ? of_csv(record) : of_json(record);
}

std::optional<std::string_view> record_key::of_csv(std::string_view row) {
  if (!fields_.read(row) || column_ >= fields_.size())
    return std::nullopt;
  const auto& field = fields_[column_];
  if (field.text.empty() && !field.is_quoted)
    return std::nullopt;
  return field.text;
}

std::optional<std::string_view> record_key::of_json(std::string_view line) {
  thread_local od::parser parser;
  padded_.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  padded_.assign(line);
  od::document document;
  if (parser.iterate(padded_.data(), padded_.size(), padded_.capacity()).get(document) != simdjson::SUCCESS)
    return std::nullopt;
  auto value = find(document, field_, line);
  od::json_type type;
  if (!value || value->type().get(type) != simdjson::SUCCESS)
    return std::nullopt;
  std::string_view text;
  if (type == od::json_type::string) {
    if (value->get_string().get(text) != simdjson::SUCCESS)
      return std::nullopt;
  } else if (const auto plain = written(*value, type)) {
    text = *plain;
  } else {
    return std::nullopt;
  }
  key_.assign(text); // the parser's memory is shared
  return key_;
}

} // namespace weir::core
