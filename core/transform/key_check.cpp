#include "core/transform/key_check.hpp"

#include "core/base/number_text.hpp"
#include "core/format/json_text.hpp"
#include "core/format/text_value.hpp"

#include <array>

namespace weir::core {

namespace {

bool is_key(std::string_view key, const column& values, row_index row) {
  switch (values.type) {
  case column_type::string: return key == values.text[row];
  case column_type::int64: return read_int64(key) == values.i64[row];
  case column_type::float64: return read_double(key) == values.f64[row];
  case column_type::boolean: return read_boolean(key) == values.i64[row];
  case column_type::timestamp: return true;
  }
  return true;
}

std::string text_of(const column& values, row_index row) {
  std::array<char, number_text_size> text;
  switch (values.type) {
  case column_type::string: return json_quoted(values.text[row]);
  case column_type::float64: return {text.data(), write_double(values.f64[row], text.data())};
  default: return {text.data(), write_int64(values.i64[row], text.data())};
  }
}

} // namespace

std::optional<error> key_check::look(const batch& at) const {
  const auto& values = at.at(column_);
  const auto& raw = *at.raw;
  for (const auto row : at.rows) {
    if (values.is_null(row) || (raw.has_key(row) && is_key(raw.key(row), values, row)))
      continue;
    const auto key = raw.has_key(row) ? "has the key " + json_quoted(raw.key(row)) : std::string{"has no key"};
    return error{
        "the record " + key + ", and its '" + field_ + "', which the schema calls the key, is " + text_of(values, row),
        "partition " + std::to_string(value_of(raw.partition)) + ", offset " + std::to_string(raw.offsets[row]),
        "produce it keyed by '" + field_ + "', take 'key: true' away, or set source.key_check: off"};
  }
  return std::nullopt;
}

} // namespace weir::core
