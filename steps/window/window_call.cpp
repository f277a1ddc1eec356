#include "steps/window/window_call.hpp"

#include "core/base/read_number.hpp"

namespace weir::steps {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

tl::unexpected<core::error> no_call(std::string_view text) {
  return core::fail("'" + std::string{text} + "' is no function of a column", {}, "as in mean(Amount), or count()");
}

/// Takes a name off the front: one in backticks ends at the next single one.
core::result<std::string> take_name(std::string_view& from) {
  from = trimmed(from);
  std::string name;
  if (!from.starts_with('`')) {
    const auto end = from.find_first_of(",)");
    name = trimmed(from.substr(0, end));
    from.remove_prefix(end == std::string_view::npos ? from.size() : end);
    return name;
  }
  for (std::size_t i = 1; i < from.size(); ++i) {
    if (from[i] != '`') {
      name += from[i];
    } else if (i + 1 < from.size() && from[i + 1] == '`') {
      name += '`';
      ++i;
    } else {
      from.remove_prefix(i + 1);
      from = trimmed(from);
      return name;
    }
  }
  return core::fail("a '`' is not closed");
}

} // namespace

core::result<window_call> parse_window_call(std::string_view text) {
  const auto whole = trimmed(text);
  const auto open = whole.find('(');
  if (open == std::string_view::npos || !whole.ends_with(')'))
    return no_call(whole);
  window_call call{std::string{trimmed(whole.substr(0, open))}};
  auto rest = whole.substr(open + 1, whole.size() - open - 2);
  if (trimmed(rest).empty())
    return call;
  auto name = take_name(rest);
  if (!name)
    return tl::unexpected{name.error()};
  call.column = *std::move(name);
  if (rest.empty())
    return call;
  if (!rest.starts_with(','))
    return no_call(whole);
  call.number = core::read_number<double>(std::string{trimmed(rest.substr(1))});
  if (!call.number)
    return core::fail("'" + std::string{trimmed(rest.substr(1))} + "' is no number");
  return call;
}

} // namespace weir::steps
