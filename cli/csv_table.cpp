#include "cli/csv_table.hpp"

#include "core/format/csv_text.hpp"

#include <simdjson.h>

namespace weir::cli {

namespace {

void append_field(const simdjson::simdjson_result<simdjson::dom::element>& field, std::string& out) {
  simdjson::dom::element value;
  if (field.get(value) != simdjson::SUCCESS || value.is_null())
    return;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS)
    core::append_csv_text(text, out);
  else if (const auto json = simdjson::minify(value); value.is_object() || value.is_array())
    core::append_csv_text(json, out);
  else
    out += json;
}

} // namespace

bool csv_table::append(std::string_view object, std::string& out) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(object.data(), object.size()).get(fields) != simdjson::SUCCESS)
    return false;
  const auto append_row = [&](const auto& append_one) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0)
        out += ',';
      append_one(columns_[i]);
    }
    out += '\n';
  };
  if (columns_.empty()) {
    for (const auto field : fields)
      columns_.emplace_back(field.key);
    append_row([&](const auto& name) { core::append_csv_text(name, out); });
  }
  append_row([&](const auto& name) { append_field(fields.at_key(name), out); });
  return true;
}

} // namespace weir::cli
