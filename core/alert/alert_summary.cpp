#include "core/alert/alert_summary.hpp"

#include "core/base/nearest_name.hpp"
#include "core/base/utf8.hpp"
#include "core/format/value_text.hpp"

#include <array>

namespace weir::core {

namespace {

tl::unexpected<error> fail_at(std::size_t byte, std::string what, std::string remedy) {
  return fail(std::move(what), "col " + std::to_string(byte + 1), std::move(remedy));
}

} // namespace

void append_value(const column& c, row_index row, std::string& out) {
  if (c.is_null(row)) {
    out += "null";
  } else if (c.type == column_type::string) {
    out += to_utf8(c.text[row]);
  } else {
    std::array<char, plain_value_size> text{};
    auto* end = write_plain_value(c, row, text.data());
    out.append(end == text.data() ? "null" : std::string_view{text.data(), end});
  }
}

result<alert_summary> alert_summary::parse(const layout& columns, std::string_view text) {
  alert_summary summary;
  part open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_doubled = i + 1 < text.size() && text[i + 1] == c;
    if ((c != '{' && c != '}') || is_doubled) {
      open.text += c;
      i += (c == '{' || c == '}') ? 1 : 0;
      continue;
    }
    const auto close = text.find('}', i);
    if (c == '}' || close == std::string_view::npos)
      return fail_at(i, std::string{"a '"} + c + "' without its pair",
                     std::string{"write '"} + c + c + "' for a brace");
    const auto name = text.substr(i + 1, close - i - 1);
    const auto column = columns.find(name);
    if (!column) {
      std::vector<std::string_view> names;
      for (const auto& info : columns)
        if (!info.gone)
          names.push_back(info.name);
      auto guess = did_you_mean(name, names);
      return fail_at(i + 1, "unknown column '" + std::string{name} + "'",
                     guess.empty() ? "write '{{' for a brace" : guess);
    }
    open.column = *column;
    summary.parts_.push_back(std::exchange(open, {}));
    i = close;
  }
  summary.parts_.push_back(std::move(open));
  return summary;
}

void alert_summary::render(const batch& b, row_index row, std::string& out) const {
  for (const auto& [text, name] : parts_) {
    out += text;
    if (name)
      append_value(b.at(*name), row, out);
  }
}

} // namespace weir::core
