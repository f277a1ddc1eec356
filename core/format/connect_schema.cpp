#include "core/format/connect_schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <simdjson.h>

namespace weir::core {

namespace {

namespace dom = simdjson::dom;
using kind = value_encoding::kind;

/// A topic has one for each table, and one more for each time that it changed.
constexpr std::size_t max_schemas = 64;

constexpr std::array<std::pair<std::string_view, kind>, 5> logical_types{
    {{"io.debezium.time.MicroTimestamp", kind::microseconds},
     {"io.debezium.time.MicroTime", kind::microseconds},
     {"io.debezium.time.NanoTimestamp", kind::nanoseconds},
     {"io.debezium.time.NanoTime", kind::nanoseconds},
     {"io.debezium.time.Date", kind::days}}};
constexpr std::string_view connect_date = "org.apache.kafka.connect.data.Date";
constexpr std::string_view connect_decimal = "org.apache.kafka.connect.data.Decimal";

/// The scale stands as a text.
std::optional<std::int32_t> scale_of(const dom::element& field) {
  std::string_view text;
  std::int32_t scale = 0;
  if (field["parameters"]["scale"].get(text) != simdjson::SUCCESS)
    return std::nullopt;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, scale);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{scale} : std::nullopt;
}

value_encoding encoding_of(const dom::element& field) {
  std::string_view name;
  if (field["name"].get(name) != simdjson::SUCCESS)
    return {};
  if (name == connect_decimal) {
    const auto scale = scale_of(field);
    return scale ? value_encoding{kind::decimal, *scale} : value_encoding{kind::decimal_without_scale};
  }
  if (name == connect_date)
    return {kind::days};
  for (const auto& [type, is] : logical_types)
    if (type == name)
      return {is};
  return {};
}

std::optional<dom::array> columns_of(const dom::array& members, std::string_view which) {
  for (const auto member : members) {
    std::string_view name;
    dom::array columns;
    if (member["field"].get(name) == simdjson::SUCCESS && name == which
        && member["fields"].get(columns) == simdjson::SUCCESS)
      return columns;
  }
  return std::nullopt;
}

} // namespace

std::optional<row_encodings> read_connect_schema(std::string_view schema) {
  dom::parser parser;
  dom::element root;
  dom::array members;
  if (parser.parse(schema.data(), schema.size()).get(root) != simdjson::SUCCESS
      || root["fields"].get(members) != simdjson::SUCCESS)
    return std::nullopt;
  auto columns = columns_of(members, "after");
  if (!columns)
    columns = columns_of(members, "before");
  if (!columns)
    return std::nullopt;
  row_encodings found;
  for (const auto column : *columns) {
    std::string_view name;
    const auto encoding = encoding_of(column);
    if (encoding.is != kind::plain && column["field"].get(name) == simdjson::SUCCESS)
      found.insert_or_assign(std::string{name}, encoding);
  }
  return found;
}

const known_schemas::schema* known_schemas::find(std::string_view text) noexcept {
  const auto known = std::ranges::find_if(schemas_, [&](const schema& s) { return text.starts_with(s.text); });
  if (known == schemas_.end())
    return nullptr;
  std::swap(*known, schemas_.front());
  return &schemas_.front();
}

const known_schemas::schema* known_schemas::learn(std::string_view text, std::ptrdiff_t tokens,
                                                  const std::vector<std::string>& names) {
  const auto encodings = read_connect_schema(text);
  if (!encodings)
    return nullptr;
  schema learned{std::string{text}, tokens, {}};
  for (const auto& name : names) {
    const auto found = encodings->find(name);
    learned.of_row.push_back(found == encodings->end() ? value_encoding{} : found->second);
  }
  if (schemas_.size() == max_schemas)
    schemas_.pop_back();
  schemas_.insert(schemas_.begin(), std::move(learned));
  return &schemas_.front();
}

} // namespace weir::core
