#include "core/format/type_guess.hpp"

#include "core/base/civil_time.hpp"
#include "core/format/json_number.hpp"
#include "core/format/text_value.hpp"

#include <array>
#include <string>
#include <utility>

namespace weir::core {

namespace {

constexpr std::int64_t first_likely_time = 946'684'800'000;  // 2000-01-01
constexpr std::int64_t last_likely_time = 4'102'444'800'000; // 2100-01-01

/// `007`, `-01`: what counts nothing, such as a post code.
bool has_leading_zero(std::string_view text) noexcept {
  if (text.starts_with('+') || text.starts_with('-'))
    text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

} // namespace

bool type_guess::take_number(std::string_view text) {
  const std::string copy{text}; // a byte can be read behind it
  if (!read_double(copy))
    return false;
  const bool is_whole = copy.find_first_of(".eE") == std::string::npos;
  if (has_leading_zero(copy)) {
    ++padded_;
  } else if (!is_whole) {
    ++fractions_;
  } else if (const auto whole = read_int64(copy)) {
    ++wholes_;
    likely_times_ += *whole >= first_likely_time && *whole < last_likely_time ? 1u : 0u;
  } else {
    ++large_;
  }
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
  else if (value.front() == '{' || value.front() == '[')
    ++nested_;
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

std::string type_guess::doubt() const {
  const auto all = values();
  if (all == 0)
    return "no record has a value";
  if (may_be_milliseconds())
    return "whole numbers that may be milliseconds since 1970; int otherwise";
  if (padded_ > 0 && padded_ + wholes_ == all)
    return "numbers with zeros in front; int would lose them";
  if (large_ > 0 && large_ + wholes_ == all)
    return "whole numbers that 64 bits do not hold";
  const std::array kinds{std::pair{"bool", booleans_},
                         std::pair{"int", wholes_ + large_},
                         std::pair{"a number with zeros in front", padded_},
                         std::pair{"double", fractions_},
                         std::pair{"a time", times_},
                         std::pair{"a text", texts_},
                         std::pair{"an object or a list", nested_}};
  std::string mixed;
  for (const auto& [name, count] : kinds)
    if (count > 0 && count < all)
      mixed += (mixed.empty() ? "" : ", ") + std::string{name} + " in " + std::to_string(count);
  return mixed.empty() || type() == column_type::float64 ? "" : "values of several types: " + mixed;
}

} // namespace weir::core
