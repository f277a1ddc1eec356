#include "core/format/type_guess.hpp"

#include "core/base/civil_time.hpp"
#include "core/format/json_number.hpp"
#include "core/format/text_value.hpp"

#include <string>

namespace weir::core {

namespace {

/// `007`, `-01`: what counts nothing, such as a post code.
bool has_leading_zero(std::string_view text) noexcept {
  if (text.starts_with('+') || text.starts_with('-'))
    text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

} // namespace

bool type_guess::take_number(std::string_view text) {
  const std::string copy{text}; // a byte can be read behind it
  if (has_leading_zero(copy) || !read_double(copy))
    return false;
  const bool is_whole = copy.find_first_of(".eE") == std::string::npos;
  if (!is_whole)
    ++fractions_;
  else if (read_int64(copy))
    ++wholes_;
  else
    ++large_;
  return true;
}

void type_guess::take_text(std::string_view text) {
  if (text.empty())
    take_null();
  else if (take_number(text))
    return;
  else if (read_boolean(text))
    ++booleans_;
  else if (parse_timestamp(text))
    ++times_;
  else
    ++texts_;
}

void type_guess::take_field(const csv_fields::field& field) {
  if (field.text.empty() && field.is_quoted)
    ++texts_;
  else
    take_text(field.text);
}

void type_guess::take_json(std::string_view value) {
  if (value.empty() || value == "null")
    take_null();
  else if (value == "true" || value == "false")
    ++booleans_;
  else if (value.front() != '"')
    texts_ += take_number(value) ? 0u : 1u;
  else if (value.size() > 2 && parse_timestamp(value.substr(1, value.size() - 2)))
    ++times_;
  else
    ++texts_;
}

column_type type_guess::type() const noexcept {
  const auto all = values();
  if (all == 0)
    return column_type::string;
  if (booleans_ == all)
    return column_type::boolean;
  if (times_ == all)
    return column_type::timestamp;
  if (wholes_ == all)
    return column_type::int64;
  if (fractions_ > 0 && wholes_ + large_ + fractions_ == all)
    return column_type::float64;
  return column_type::string;
}

} // namespace weir::core
