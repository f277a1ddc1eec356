#include "core/format/change_field.hpp"

#include "core/base/civil_time.hpp"
#include "core/format/decimal_text.hpp"
#include "core/format/json_text.hpp"
#include "core/format/value_text.hpp"

#include <array>

namespace weir::core {

namespace {

using kind = value_encoding::kind;

bool is_number(char first) noexcept {
  return first == '-' || is_digit(first);
}

} // namespace

void change_field::set_truth(row_index row, bool value) {
  column_.i64()[row] = value;
  made_.assign(value ? "true" : "false");
  is_made_ = true;
}

bool change_field::read(const json_tokens& tokens, json_tokens::cursor token, row_index row, value_encoding as) {
  token_ = token;
  is_made_ = false;
  const char* at = tokens.text() + *token;
  const char first = *at;
  if (first == 'n') {
    set_null(row);
    return true;
  }
  if (first == '"')
    return read_text(tokens, token, row, as);
  if (first == '{')
    return read_variable_decimal(tokens, token, row);
  json_number number;
  if (!is_number(first) || !read_json_number(at, number)) {
    if (column_.type() != column_type::boolean || first == '[')
      return fail(json_kind_of(first));
    column_.i64()[row] = first == 't';
    return true;
  }
  if (column_.type() == column_type::string)
    return fail("number");
  if (column_.type() == column_type::float64) {
    const auto value = to_double(number);
    if (!value)
      return fail("a number too large for it");
    column_.f64()[row] = *value;
    return true;
  }
  const auto value = to_int64(number);
  if (!value)
    return fail("a number with a fraction or out of range");
  if (column_.type() == column_type::timestamp)
    return read_time(*value, row, as);
  if (column_.type() == column_type::boolean) { // MySQL's booleans are numbers
    if (*value != 0 && *value != 1)
      return fail("a number other than 0 and 1");
    set_truth(row, *value == 1);
    return true;
  }
  column_.i64()[row] = *value;
  return true;
}

void change_field::append_json(const json_tokens& tokens, std::string& out) const {
  if (is_made_ || token_ == nullptr) {
    out.append(made_);
    return;
  }
  std::string_view text{tokens.text() + token_[0], token_[1] - token_[0]};
  while (static_cast<unsigned char>(text.back()) <= ' ')
    text.remove_suffix(1);
  out.append(text);
}

bool change_field::read_text(const json_tokens& tokens, json_tokens::cursor token, row_index row, value_encoding as) {
  const auto text = tokens.string_at(token);
  if (as.is == kind::decimal_without_scale)
    return fail("a decimal whose schema has no 'scale'");
  if (as.is == kind::decimal)
    return read_decimal(plain_text(text), row, as);
  switch (column_.type()) {
  case column_type::string: {
    if (text.find('\\') == std::string_view::npos) {
      column_.text()[row] = text;
      return true;
    }
    const auto begin = column_.arena().size();
    if (!unescape(text, column_.arena()))
      return fail("a string with a lone surrogate");
    column_.set_from_arena(row, begin);
    return true;
  }
  case column_type::timestamp: {
    const auto time = parse_timestamp(plain_text(text));
    if (!time)
      return fail('\'' + std::string{text.substr(0, 40)} + '\'');
    column_.i64()[row] = *time;
    return true;
  }
  case column_type::float64:
  case column_type::int64: { // decimal.handling.mode: string
    const auto number = plain_text(text);
    return json_number_of(number) ? take_number(number, row)
                                  : fail("the text '" + std::string{text.substr(0, 40)}
                                         + "' (a decimal in base64 needs a schema, or 'scale')");
  }
  case column_type::boolean: break;
  }
  return fail("string");
}

bool change_field::read_time(std::int64_t number, row_index row, value_encoding as) {
  auto time = number;
  switch (as.is) {
  case kind::microseconds: time = floor_div(number, 1'000); break;
  case kind::nanoseconds: time = floor_div(number, 1'000'000); break;
  case kind::days:
    if (__builtin_mul_overflow(number, ms_per_day, &time))
      return fail("a number out of range");
    break;
  default: break;
  }
  column_.i64()[row] = time;
  std::array<char, plain_value_size> text;
  const bool is_quoted = is_rfc3339_time(time);
  const char* end = write_plain_value(column_.values(), row, text.data());
  made_.assign(is_quoted ? "\"" : "")
      .append(text.data(), static_cast<std::size_t>(end - text.data()))
      .append(is_quoted ? "\"" : "");
  is_made_ = true;
  return true;
}

bool change_field::read_decimal(std::string_view base64, row_index row, value_encoding as) {
  if (as.scale > largest_scale || as.scale < -largest_scale)
    return fail("a decimal of scale " + std::to_string(as.scale));
  std::string integer;
  if (!decode_base64(base64, integer) || integer.empty())
    return fail("'" + std::string{base64.substr(0, 40)} + "', which is not the base64 of a decimal");
  if (integer.size() > longest_decimal)
    return fail("a decimal of " + std::to_string(integer.size()) + " bytes");
  made_.clear();
  append_decimal(integer, as.scale, made_);
  switch (column_.type()) {
  case column_type::float64:
  case column_type::int64: return take_number(std::string{made_}, row);
  case column_type::string: return take_text(std::string{made_}, row);
  default: return fail("a decimal");
  }
}

/// `{"scale":2,"value":"BNI="}`: io.debezium.data.VariableScaleDecimal.
bool change_field::read_variable_decimal(const json_tokens& tokens, json_tokens::cursor token, row_index row) {
  const char* text = tokens.text();
  std::optional<std::int64_t> scale;
  std::optional<std::string_view> value;
  for (++token; text[*token] == '"'; ++token) {
    const auto key = tokens.string_at(token);
    token += 2;
    json_number number;
    if (key == "scale" && read_json_number(text + *token, number))
      scale = to_int64(number);
    else if (key == "value" && text[*token] == '"')
      value = tokens.string_at(token);
    else
      return fail("object");
    ++token;
    if (text[*token] != ',')
      break;
  }
  if (!scale || !value)
    return fail(value ? "a decimal whose 'scale' is missing" : "object");
  if (*scale > largest_scale || *scale < -largest_scale)
    return fail("a decimal of scale " + std::to_string(*scale));
  return read_decimal(plain_text(*value), row, {kind::decimal, static_cast<std::int32_t>(*scale)});
}

bool change_field::take_number(std::string_view text, row_index row) {
  const auto number = json_number_of(text);
  if (column_.type() == column_type::float64) {
    const auto value = to_double(*number);
    if (!value)
      return fail("a number too large for it");
    column_.f64()[row] = *value;
  } else {
    const auto value = to_int64(*number);
    if (!value)
      return fail("a number with a fraction or out of range");
    column_.i64()[row] = *value;
  }
  made_.assign(text);
  is_made_ = true;
  return true;
}

bool change_field::take_text(std::string_view text, row_index row) {
  const auto begin = column_.arena().size();
  column_.arena().append(text);
  column_.set_from_arena(row, begin);
  made_.assign(1, '"').append(text).append(1, '"');
  is_made_ = true;
  return true;
}

bool change_field::fail(std::string_view found) {
  problem_ = "field '" + name + "': expected ";
  problem_.append(to_string(column_.type())).append(", found ").append(found);
  return false;
}

/// What a string says, until the next call. A lone surrogate leaves it as it stands, which fits nothing.
std::string_view change_field::plain_text(std::string_view written) {
  if (written.find('\\') == std::string_view::npos)
    return written;
  unescaped_.clear();
  return unescape(written, unescaped_) ? std::string_view{unescaped_} : written;
}

} // namespace weir::core
