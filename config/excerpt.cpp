#include "config/excerpt.hpp"

#include "core/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace weir::config {

namespace {

constexpr std::size_t longest_line = 120;
constexpr std::size_t shown_before = 60; // of a longer line, in front of the place

bool is_word(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t indentation_of(std::string_view line) noexcept {
  return std::min(line.find_first_not_of(" -"), line.size());
}

/// Whether a line begins as one that has a field, and not as the rest of a value before.
bool begins_a_field(std::string_view line) noexcept {
  line.remove_prefix(indentation_of(line));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || (colon + 1 < line.size() && line[colon + 1] != ' ' && line[colon + 1] != '\r'))
    return false;
  return std::ranges::all_of(line.substr(0, colon), [](char c) {
    return is_word(c) || std::string_view{".-\"' "}.find(c) != std::string_view::npos;
  });
}

bool may_hold_a_secret(std::string_view line) {
  constexpr std::array names{"properties", "password", "passwd", "passphrase", "secret", "token",
                             "credential", "private",  "jaas",   "pem",        "apikey", "api_key"};
  std::string lower{line};
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::any_of(names, [&](std::string_view name) { return lower.find(name) != std::string::npos; })
         || (lower.find("://") != std::string::npos && lower.find('@') != std::string::npos);
}

/// The lines of a file, one by one: which of them may hold a secret.
class secret_scan {
public:
  bool take(std::string_view line) {
    const auto indent = indentation_of(line);
    const bool is_blank = indent == line.size() || line[indent] == '#';
    if (is_inside_ && !is_blank && braces_ <= 0 && !is_quoted_ && indent <= indentation_ && begins_a_field(line))
      is_inside_ = false;
    if (!is_inside_) {
      if (!may_hold_a_secret(line))
        return false;
      is_inside_ = true;
      indentation_ = indent;
      braces_ = 0;
      is_quoted_ = false;
    }
    braces_ += std::ranges::count(line, '{') - std::ranges::count(line, '}');
    is_quoted_ ^= std::ranges::count(line, '"') % 2 != 0;
    return true;
  }

private:
  bool is_inside_ = false;
  bool is_quoted_ = false;
  std::ptrdiff_t braces_ = 0;
  std::size_t indentation_ = 0;
};

bool is_text(std::string_view line) noexcept {
  while (!line.empty()) {
    const auto size = core::utf8_sequence(line);
    const auto c = static_cast<unsigned char>(line.front());
    if (size == 0 || (c < 0x20 && c != '\t') || c == 0x7f)
      return false;
    line.remove_prefix(size);
  }
  return true;
}

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// The bytes of what stands at the place: what the message quotes, if that does, else a quoted text or a word.
std::size_t width_at(std::string_view behind, std::string_view message) {
  for (auto begin = message.find('\''); begin != std::string_view::npos;) {
    const auto end = message.find('\'', begin + 1);
    if (end == std::string_view::npos)
      break;
    const auto quoted = message.substr(begin + 1, end - begin - 1);
    if (!quoted.empty() && behind.starts_with(quoted))
      return quoted.size();
    begin = message.find('\'', end + 1);
  }
  if (behind.starts_with('"') || behind.starts_with('\''))
    if (const auto end = behind.find(behind.front(), 1); end != std::string_view::npos)
      return end + 1;
  const auto end = std::ranges::find_if_not(behind, is_word);
  return std::max<std::size_t>(static_cast<std::size_t>(end - behind.begin()), 1);
}

/// Behind the first byte of a character that begins at or behind it.
std::size_t whole_character(std::string_view line, std::size_t at) noexcept {
  while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80)
    ++at;
  return std::min(at, line.size());
}

excerpt around(std::string_view line, std::size_t at, std::size_t width) {
  const auto begin = line.size() <= longest_line || at <= shown_before ? 0 : whole_character(line, at - shown_before);
  const auto end = whole_character(line, std::min(begin + longest_line, line.size()));
  excerpt made;
  if (begin > 0)
    made.text = made.pad = "... ";
  for (auto& c : made.pad)
    c = ' ';
  made.text += line.substr(begin, end - begin);
  if (end < line.size())
    made.text += " ...";
  for (const auto c : line.substr(begin, at - begin))
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80)
      made.pad += c == '\t' ? '\t' : ' ';
  made.width = std::max<std::size_t>(characters(line.substr(at, std::min(width, end - at))), 1);
  return made;
}

} // namespace

excerpt excerpt_of(const diagnostic& problem, std::string_view text) {
  if (problem.at.line <= 0 || problem.at.column <= 0)
    return {};
  if (text.starts_with("\xef\xbb\xbf"))
    text.remove_prefix(3);
  secret_scan secrets;
  for (int number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    const bool is_hidden = secrets.take(line);
    if (number < problem.at.line)
      continue;
    if (is_hidden || !is_text(line))
      return {};
    const auto at = std::min(static_cast<std::size_t>(problem.at.column) - 1, line.size());
    auto made = around(line, at, width_at(line.substr(at), problem.message));
    made.line = problem.at.line;
    return made;
  }
  return {};
}

std::string excerpt::shown(std::string_view mark, std::string_view unmark, std::string_view dim,
                           std::string_view undim) const {
  if (line == 0)
    return {};
  auto number = std::to_string(line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  const auto bar = [&](const std::string& in_front) { return std::string{dim} + in_front + " |" + std::string{undim}; };
  return bar(number) + ' ' + text + '\n' + bar(std::string(number.size(), ' ')) + ' ' + pad + std::string{mark}
         + std::string(width, '^') + std::string{unmark} + '\n';
}

} // namespace weir::config
