#include "core/format/json_text.hpp"

#include "core/base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace weir::core {

namespace {

/// The value of a hexadecimal digit, or -1.
int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
    return (c | 0x20) - 'a' + 10;
  return -1;
}

/// The code unit of the four digits at `p`.
unsigned code_unit(const char* p) noexcept {
  unsigned value = 0;
  for (int i = 0; i < 4; ++i)
    value = value << 4 | static_cast<unsigned>(hex_digit(p[i]));
  return value;
}

void append_utf8(std::string& out, unsigned code) {
  const auto byte = [&](unsigned value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

char simple_escape(char c) noexcept {
  switch (c) {
  case 'b': return '\b';
  case 'f': return '\f';
  case 'n': return '\n';
  case 'r': return '\r';
  case 't': return '\t';
  default: return c;
  }
}

} // namespace

std::size_t find_bad_escape(std::string_view text) noexcept {
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
    if (kind == 'u') {
      if (at + 6 > text.size())
        return at;
      for (std::size_t i = at + 2; i < at + 6; ++i)
        if (hex_digit(text[i]) < 0)
          return at;
      at += 6;
    } else {
      if (kind == '\0' || std::strchr("\"\\/bfnrt", kind) == nullptr)
        return at;
      at += 2;
    }
  }
  return std::string_view::npos;
}

bool unescape(std::string_view text, std::string& out) {
  const auto before = out.size();
  std::size_t done = 0;
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', done)) {
    out.append(text, done, at - done);
    if (text[at + 1] != 'u') {
      out.push_back(simple_escape(text[at + 1]));
      done = at + 2;
      continue;
    }
    auto code = code_unit(text.data() + at + 2);
    done = at + 6;
    if (code >= 0xd800 && code < 0xe000) {
      const bool pair = code < 0xdc00 && text.substr(done, 2) == "\\u";
      const auto low = pair ? code_unit(text.data() + done + 2) : 0u;
      if (low < 0xdc00 || low > 0xdfff) {
        out.resize(before);
        return false;
      }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      done += 6;
    }
    append_utf8(out, code);
  }
  out.append(text, done);
  return true;
}

char* write_escaped(std::string_view text, char* out) noexcept {
  static constexpr char hex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && c != '"' && c != '\\') {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    switch (c) {
    case '"': *out++ = '"'; break;
    case '\\': *out++ = '\\'; break;
    case '\b': *out++ = 'b'; break;
    case '\f': *out++ = 'f'; break;
    case '\n': *out++ = 'n'; break;
    case '\r': *out++ = 'r'; break;
    case '\t': *out++ = 't'; break;
    default:
      std::memcpy(out, "u00", 3);
      out[3] = hex[byte >> 4];
      out[4] = hex[byte & 15];
      out += 5;
    }
  }
  return out;
}

void append_json_text(std::string_view text, std::string& out) {
  const auto used = out.size();
  out.resize(used + 2 + 6 * text.size());
  char* p = out.data() + used;
  *p++ = '"';
  p = write_escaped(text, p);
  *p++ = '"';
  out.resize(static_cast<std::size_t>(p - out.data()));
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_json_text(text, out);
  return out;
}

const char* json_kind_of(char first) noexcept {
  switch (first) {
  case '"': return "string";
  case '{': return "object";
  case '[': return "array";
  case 't':
  case 'f': return "bool";
  case 'n': return "null";
  default: return "number";
  }
}

std::string explain_bad_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_sequence(text.substr(i));
    if (length == 0)
      return "invalid UTF-8 (byte " + std::to_string(i) + ")";
    i += length;
  }
  return {};
}

std::string explain_scan_failure(std::string_view record) {
  bool in_string = false;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < record.size();) {
    const auto length = utf8_sequence(record.substr(i));
    if (length == 0)
      return "invalid UTF-8 (byte " + std::to_string(i) + ")";
    if (in_string && static_cast<unsigned char>(record[i]) < 0x20)
      return "control character in a string (byte " + std::to_string(i) + ")";
    if (record[i] == '"') {
      in_string = !in_string;
      opened = i;
    }
    const auto next = i + 1 < record.size() ? static_cast<unsigned char>(record[i + 1]) : 0;
    i += record[i] == '\\' && next >= 0x20 && next < 0x80 ? 2 : length;
  }
  return in_string ? "string without an end (byte " + std::to_string(opened) + ")" : "not JSON";
}

} // namespace weir::core
