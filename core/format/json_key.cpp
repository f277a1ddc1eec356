#include "core/format/json_format.hpp"

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

class json_key final : public record_key {
public:
  explicit json_key(std::string field) : field_{std::move(field)} {}

  std::optional<std::string_view> of(std::string_view record) override {
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

private:
  std::string field_;
  std::string padded_; ///< a line with room behind it, for the parser
  std::string key_;
};

} // namespace

result<std::unique_ptr<record_key>> make_json_key(const std::vector<std::string>&, const std::string& field) {
  return std::make_unique<json_key>(field);
}

} // namespace weir::core
