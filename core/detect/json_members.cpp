#include "core/detect/json_members.hpp"

namespace weir::core {

std::string_view to_string(json_type type) noexcept {
  switch (type) {
  case json_type::null: return "null";
  case json_type::boolean: return "bool";
  case json_type::int64: return "int";
  case json_type::float64: return "double";
  case json_type::string: return "string";
  case json_type::object: return "object";
  case json_type::array: return "array";
  }
  return {};
}

json_members::json_members(std::string_view record) noexcept : at_{record.data()}, end_{at_ + record.size()} {
  skip_blanks();
  is_open_ = at_ != end_ && *at_ == '{';
  at_ += is_open_ ? 1 : 0;
}

void json_members::skip_blanks() noexcept {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n'))
    ++at_;
}

bool json_members::next(json_member& into) noexcept {
  if (!is_open_)
    return false;
  skip_blanks();
  if (at_ != end_ && *at_ == '}') {
    is_whole_ = true;
    is_open_ = false;
    return false;
  }
  is_open_ = false; // until the member is whole
  if (!is_first_) {
    if (at_ == end_ || *at_ != ',')
      return false;
    ++at_;
    skip_blanks();
  }
  is_first_ = false;
  if (!read_string(into.name))
    return false;
  skip_blanks();
  if (at_ == end_ || *at_ != ':')
    return false;
  ++at_;
  skip_blanks();
  return is_open_ = read_value(into);
}

// Without the quotes.
bool json_members::read_string(std::string_view& into) noexcept {
  if (at_ == end_ || *at_ != '"')
    return false;
  const auto* begin = ++at_;
  for (; at_ != end_ && *at_ != '"'; ++at_)
    if (*at_ == '\\' && ++at_ == end_)
      return false;
  if (at_ == end_)
    return false;
  into = {begin, static_cast<std::size_t>(at_ - begin)};
  ++at_;
  return true;
}

bool json_members::read_value(json_member& into) noexcept {
  if (at_ == end_)
    return false;
  const auto* begin = at_;
  const auto is_read = [&](json_type type, bool ok) {
    into.type = type;
    into.value = {begin, static_cast<std::size_t>(at_ - begin)};
    return ok;
  };
  std::string_view text;
  switch (*at_) {
  case '"': {
    const bool ok = read_string(text);
    return is_read(json_type::string, ok);
  }
  case '{': {
    const bool ok = skip_nested();
    return is_read(json_type::object, ok);
  }
  case '[': {
    const bool ok = skip_nested();
    return is_read(json_type::array, ok);
  }
  default: break;
  }
  bool is_double = false;
  for (; at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ' ' && *at_ != '\t' && *at_ != '\r' && *at_ != '\n';
       ++at_)
    is_double = is_double || *at_ == '.' || *at_ == 'e' || *at_ == 'E';
  switch (*begin) {
  case 'n': return is_read(json_type::null, true);
  case 't':
  case 'f': return is_read(json_type::boolean, true);
  default: return is_read(is_double ? json_type::float64 : json_type::int64, at_ != begin);
  }
}

bool json_members::skip_nested() noexcept {
  std::size_t depth = 0;
  std::string_view text;
  while (at_ != end_) {
    if (*at_ == '"') {
      if (!read_string(text))
        return false;
      continue;
    }
    if (*at_ == '{' || *at_ == '[')
      ++depth;
    else if (*at_ == '}' || *at_ == ']')
      --depth;
    ++at_;
    if (depth == 0)
      return true;
  }
  return false;
}

} // namespace weir::core
