#include "core/base/fnv1a.hpp"
#include "core/expression/function_kinds.hpp"
#include "core/expression/like_pattern.hpp"
#include "core/expression/regular_expression.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace weir::core {

namespace {

using type = column_type;
using view = std::string_view;
using integer = std::int64_t;
using kernels::stateless;

constexpr bool begins_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

integer characters(view text) noexcept {
  return std::count_if(text.begin(), text.end(), begins_character);
}

/// The byte where character `count` begins, counted from 0; the end where there are fewer.
std::size_t byte_of(view text, integer count) noexcept {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (begins_character(text[at]) && count-- == 0)
      break;
  return at;
}

/// SQL's: characters are counted from 1, and what is before the text counts too.
view substring(view text, integer start, integer length) noexcept {
  constexpr integer far = integer{1} << 40;
  start = std::clamp(start, -far, far) - 1;
  const auto end = start + std::clamp(length, integer{0}, far);
  if (end <= 0)
    return {};
  const auto first = byte_of(text, std::max(start, integer{0}));
  return text.substr(first, byte_of(text, end) - first);
}

bool substring_of(const stateless&, view text, integer start, view& out) noexcept {
  out = substring(text, start, integer{1} << 40);
  return true;
}
bool part_of(const stateless&, view text, integer start, integer length, view& out) noexcept {
  out = substring(text, start, length);
  return length >= 0;
}

constexpr view blanks = " \t\n\r\f\v";

template <bool Left, bool Right>
view trimmed(view text, view of) noexcept {
  if (Left)
    text.remove_prefix(std::min(text.find_first_not_of(of), text.size()));
  if (Right)
    text.remove_suffix(text.size() - std::min(text.find_last_not_of(of) + 1, text.size()));
  return text;
}

template <bool Left, bool Right>
result<operand> trim(expression_builder& builder, view name, arguments in) {
  if (in.size() == 1)
    return simple<type::string, type::string,
                  kernels::unary<view, view, [](view v) { return trimmed<Left, Right>(v, blanks); }>>(builder, name,
                                                                                                      in);
  return simple<type::string, type::string, kernels::binary<view, view, trimmed<Left, Right>>>(builder, name, in);
}

bool replace(const stateless&, view text, view what, view by, view& out, frame& f) {
  if (what.empty()) {
    out = text;
    return true;
  }
  std::string made;
  for (;;) {
    const auto at = text.find(what);
    made += text.substr(0, at);
    if (at == view::npos)
      break;
    made += by;
    text.remove_prefix(at + what.size());
  }
  out = kernels::kept(f, made);
  return true;
}

/// Part `number` of a text, counted from 1, from the end if it is negative; empty where there are fewer, as in SQL.
bool split_part(const stateless&, view text, view separator, integer number, view& out) noexcept {
  out = {};
  if (number == 0)
    return false;
  if (separator.empty()) {
    if (number == 1 || number == -1)
      out = text;
    return true;
  }
  const bool from_end = number < 0;
  for (auto left = from_end ? -(number + 1) : number - 1;; --left) {
    const auto at = from_end ? text.rfind(separator) : text.find(separator);
    if (left == 0) {
      out = at == view::npos ? text : from_end ? text.substr(at + separator.size()) : text.substr(0, at);
      return true;
    }
    if (at == view::npos)
      return true;
    text = from_end ? text.substr(0, at) : text.substr(at + separator.size());
  }
}

/// Counted from 1; 0: it is not there.
integer position(view text, view what) noexcept {
  const auto at = text.find(what);
  return at == view::npos ? 0 : characters(text.substr(0, at)) + 1;
}

bool reverse(const stateless&, view text, view& out, frame& f) {
  auto* room = kernels::text_room(f, text.size());
  auto* end = room + text.size();
  out = {room, text.size()};
  for (std::size_t begin = 0; begin < text.size();) {
    auto next = begin + 1;
    while (next < text.size() && !begins_character(text[next]))
      ++next;
    end -= next - begin;
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(next), end);
    begin = next;
  }
  return true;
}

/// A function of a text whose second argument is a pattern, which is compiled here; what follows it are `More`.
template <class Pattern, column_type To, kernel Run, column_type... More>
result<operand> with_pattern(expression_builder& builder, view name, arguments in) {
  const auto text = literal_of(in[1], name, "its pattern");
  if (!text)
    return tl::unexpected{text.error()};
  auto pattern = Pattern::compile(*text);
  if (!pattern)
    return fail_at(in[1].column, pattern.error().what, pattern.error().remedy);
  std::vector<operand> values{in[0]};
  values.insert(values.end(), in.begin() + 2, in.end());
  if (auto converted = convert_all(builder, name, values, {type::string, More...}); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(Run, To, values, std::make_shared<const Pattern>(std::move(*pattern)));
}

bool matches(const regular_expression& pattern, view text, std::uint8_t& out) {
  out = pattern.matches(text) ? 1 : 0;
  return true;
}
bool is_like(const like_pattern& pattern, view text, std::uint8_t& out) {
  out = pattern.matches(text) ? 1 : 0;
  return true;
}
bool extract(const regular_expression& pattern, view text, integer group, view& out) {
  return pattern.extract(text, group, out);
}
bool extract_all(const regular_expression& pattern, view text, view& out) {
  return pattern.extract(text, pattern.groups() > 0 ? 1 : 0, out);
}
bool replace_matches(const regular_expression& pattern, view text, view by, view& out, frame& f) {
  out = kernels::kept(f, pattern.replace(text, by));
  return true;
}

result<operand> regexp_extract(expression_builder& builder, view name, arguments in) {
  if (in.size() == 2)
    return with_pattern<regular_expression, type::string,
                        kernels::with_state<regular_expression, view, extract_all, view>>(builder, name, in);
  return with_pattern<regular_expression, type::string,
                      kernels::with_state<regular_expression, view, extract, view, integer>, type::int64>(builder, name,
                                                                                                          in);
}

template <column_type To, kernel Run>
result<operand> texts_and_numbers(expression_builder& builder, view name, arguments in,
                                  std::initializer_list<column_type> types) {
  if (auto converted = convert_all(builder, name, in, types); !converted)
    return tl::unexpected{std::move(converted.error())};
  return builder.emit(Run, To, in, std::make_shared<const stateless>());
}

result<operand> substring(expression_builder& builder, view name, arguments in) {
  const auto types = {type::string, type::int64};
  if (in.size() == 2)
    return texts_and_numbers<type::string, kernels::with_state<stateless, view, substring_of, view, integer>>(
        builder, name, in, types);
  return texts_and_numbers<type::string, kernels::with_state<stateless, view, part_of, view, integer, integer>>(
      builder, name, in, types);
}

template <auto Function>
constexpr auto of_texts = simple<type::string, type::boolean, kernels::binary<std::uint8_t, view, Function>>;

constexpr std::array table{
    function{{"length", "characters of a text, as code points", "length(Device)"},
             1,
             1,
             simple<type::string, type::int64, kernels::unary<integer, view, characters>>},
    function{{"lower", "a text in lower case, A to Z only", "lower(Device)"},
             1,
             1,
             simple<type::string, type::string, kernels::lower>},
    function{{"upper", "a text in upper case, a to z only", "upper(Device)"},
             1,
             1,
             simple<type::string, type::string, kernels::upper>},
    function{{"trim", "a text without blanks at both ends, or without any of the second's characters", "trim(Device)"},
             1,
             2,
             trim<true, true>},
    function{{"ltrim", "the same at its beginning alone", "ltrim(CustomerID, 'C0')"}, 1, 2, trim<true, false>},
    function{{"rtrim", "the same at its end alone", "rtrim(Device, '.')"}, 1, 2, trim<false, true>},
    function{{"concat", "texts, one behind the other", "concat(CustomerID, Device)"},
             1,
             any_number,
             simple<type::string, type::string, kernels::concat>},
    function{{"substring", "characters from one on, counted from 1, so many or all", "substring(CustomerID, 2, 3)"},
             2,
             3,
             substring},
    function{{"left", "the first characters of a text", "left(CustomerID, 3)"},
             2,
             2,
             [](expression_builder& builder, view name, arguments in) {
               return texts_and_numbers<type::string,
                                        kernels::with_state<stateless, view,
                                                            [](const stateless&, view text, integer count, view& out) {
                                                              out = substring(text, 1, count);
                                                              return count >= 0;
                                                            },
                                                            view, integer>>(builder, name, in,
                                                                            {type::string, type::int64});
             }},
    function{{"replace", "a text with the third in each place of the second", "replace(Device, 'web', 'browser')"},
             3,
             3,
             [](expression_builder& builder, view name, arguments in) {
               return texts_and_numbers<type::string, kernels::with_state<stateless, view, replace, view, view, view>>(
                   builder, name, in, {type::string});
             }},
    function{
        {"split_part", "the part of a text between separators, counted from 1, or from -1 at its end",
         "split_part(Location, '-', 1)"},
        3,
        3,
        [](expression_builder& builder, view name, arguments in) {
          return texts_and_numbers<type::string, kernels::with_state<stateless, view, split_part, view, view, integer>>(
              builder, name, in, {type::string, type::string, type::int64});
        }},
    function{{"reverse", "the characters of a text from its end", "reverse(CustomerID)"},
             1,
             1,
             [](expression_builder& builder, view name, arguments in) {
               return texts_and_numbers<type::string, kernels::with_state<stateless, view, reverse, view>>(
                   builder, name, in, {type::string});
             }},
    function{{"position", "where the second text is in the first, counted from 1; 0: it is not there",
              "position(Device, 'web')"},
             2,
             2,
             simple<type::string, type::int64, kernels::binary<integer, view, position>>},
    function{{"contains", "whether the first text has the second in it", "contains(Device, 'web')"},
             2,
             2,
             of_texts<[](view a, view b) { return a.find(b) != view::npos; }>},
    function{{"starts_with", "whether the first text begins with the second", "starts_with(CustomerID, 'C0')"},
             2,
             2,
             of_texts<[](view a, view b) { return a.starts_with(b); }>},
    function{{"ends_with", "whether the first text ends with the second", "ends_with(CustomerID, '7')"},
             2,
             2,
             of_texts<[](view a, view b) { return a.ends_with(b); }>},
    function{{"like", "as the operator: `%` is any text, `_` a character, `\\` makes the next one ordinary",
              "like(Device, 'w_b%')"},
             2,
             2,
             with_pattern<like_pattern, type::boolean, kernels::with_state<like_pattern, std::uint8_t, is_like, view>>},
    function{{"regexp_matches", "whether a regular expression (RE2's) is somewhere in a text",
              "regexp_matches(CustomerID, '^C0[0-4]')"},
             2,
             2,
             with_pattern<regular_expression, type::boolean,
                          kernels::with_state<regular_expression, std::uint8_t, matches, view>>},
    function{{"regexp_extract",
              "what the first match has in a group, the first one if there are any; null without a match",
              "regexp_extract(CustomerID, 'C0*([1-9]+)', 1)"},
             2,
             3,
             regexp_extract},
    function{{"regexp_replace", "a text with the third, where `\\1` is a group, in each place of a match",
              "regexp_replace(CustomerID, '^C0*', '')"},
             3,
             3,
             with_pattern<regular_expression, type::string,
                          kernels::with_state<regular_expression, view, replace_matches, view, view>, type::string>},
    function{
        {"hash", "a whole number made of a text (FNV-1a, mixed), the same on every machine", "hash(CustomerID) % 100"},
        1,
        1,
        simple<type::string, type::int64,
               kernels::unary<integer, view, [](view v) { return static_cast<integer>(mixed(fnv1a(v)) >> 1); }>>},
};

} // namespace

std::span<const function> text_functions() {
  return table;
}

} // namespace weir::core
