#include "core/format/json_format.hpp"
#include "core/format/json_text.hpp"

#include <cstring>

#include <simdjson.h>

namespace weir::core {

namespace {

namespace od = simdjson::ondemand;

constexpr std::string_view blanks = " \t\r\n";

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
    text = text.substr(0, text.find_last_not_of(blanks) + 1);
    ok = true;
  }
  return ok ? std::optional{text} : std::nullopt;
}

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

/// The value of a field of which the text alone shows that it is the record's own: nothing nested and no escape stands
/// in front of it or in it. Nothing: it takes a parser to know. @param name in its quotes
std::optional<std::string_view> plain_value(std::string_view line, std::string_view name) {
  const auto* found = static_cast<const char*>(::memmem(line.data(), line.size(), name.data(), name.size()));
  if (found == nullptr || line.front() != '{')
    return std::nullopt;
  const auto at = static_cast<std::size_t>(found - line.data());
  if (line.substr(1, at - 1).find_first_of("{[\\") != line.npos)
    return std::nullopt;
  auto rest = without_blanks(line.substr(at + name.size()));
  if (!rest.starts_with(':'))
    return std::nullopt;
  rest = without_blanks(rest.substr(1));
  const bool is_string = rest.starts_with('"');
  const auto end = is_string ? rest.find('"', 1) : rest.find_first_not_of("0123456789+-.eE");
  if (end == rest.npos || end == 0)
    return std::nullopt;
  const auto value = rest.substr(is_string, end - is_string);
  const bool is_whole =
      is_string ? value.find('\\') == value.npos : without_blanks(rest.substr(end)).find_first_of(",}") == 0;
  return is_whole ? std::optional{value} : std::nullopt;
}

class json_key final : public record_key {
public:
  explicit json_key(std::string field) : field_{std::move(field)}, quoted_{json_quoted(field_)} {}

  std::optional<std::string_view> of(std::string_view record) override {
    const auto plain = plain_value(record, quoted_);
    return plain ? plain : parsed_value(record);
  }

private:
  std::optional<std::string_view> parsed_value(std::string_view record) {
    thread_local od::parser parser;
    padded_.reserve(record.size() + simdjson::SIMDJSON_PADDING);
    padded_.assign(record);
    od::document document;
    if (parser.iterate(padded_.data(), padded_.size(), padded_.capacity()).get(document) != simdjson::SUCCESS)
      return std::nullopt;
    auto value = find(document, field_, record);
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

  std::string field_;
  std::string quoted_;
  std::string padded_; ///< a line with room behind it, for the parser
  std::string key_;
};

} // namespace

result<std::unique_ptr<record_key>> make_json_key(const std::vector<std::string>&, const std::string& field) {
  return std::make_unique<json_key>(field);
}

} // namespace weir::core
