#include "cli/testing/test_report.hpp"

#include "core/base/short_number.hpp"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace weir::cli {

namespace {

std::string in_colour(const char* code, const std::string& text) {
  static const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  return is_terminal ? "\033[" + std::string{code} + 'm' + text + "\033[0m" : text;
}

constexpr auto green = "32";
constexpr auto red = "31";

std::string place_of(const std::string& path, config::position at) {
  return path + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

std::string escaped(const std::string& text) {
  std::string made;
  for (const char c : text)
    switch (c) {
    case '<': made += "&lt;"; break;
    case '>': made += "&gt;"; break;
    case '&': made += "&amp;"; break;
    case '"': made += "&quot;"; break;
    default: made += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? '?' : c;
    }
  return made;
}

std::string why(const std::string& path, const case_result& of) {
  auto text = of.error;
  for (const auto& one : of.differences)
    text += (text.empty() ? "" : "\n") + place_of(path, one.at) + ": " + one.what;
  return text;
}

// --- recording ---

/// A value of JSON in YAML's flow style is itself.
std::string recorded_case(const case_outcome& of, std::size_t indent) {
  const std::string outer(indent, ' ');
  const auto inner = outer + "  ";
  const auto list = [&](const char* name, const std::vector<std::string>& items) {
    auto text = inner + name + ":" + (items.empty() ? " []" : "") + "\n";
    for (const auto& item : items)
      text += inner + "  - " + item + "\n";
    return text;
  };
  std::vector<std::string> letters;
  for (const auto& one : of.dead_letters) {
    std::string reason;
    for (const char c : one.reason)
      reason.append(c == '\'' ? 2 : 1, c);
    letters.push_back("{ record: " + std::to_string(one.record) + ", stage: " + one.stage + ", reason: '" + reason
                      + "' }");
  }
  auto text = outer + "expect:\n" + list("output", of.output);
  if (of.filtered > 0)
    text += inner + "filtered: " + std::to_string(of.filtered) + "\n";
  if (!letters.empty())
    text += list("dead_letters", letters);
  if (!of.alerts.empty())
    text += list("alerts", of.alerts);
  if (!of.aggregates.empty())
    text += inner + "aggregates:\n";
  for (const auto& [name, value] : of.aggregates)
    text += inner + "  " + name + ": " + core::short_number(value) + "\n";
  return text;
}

/// Where the text of a line begins.
std::size_t begin_of_line(const std::string& text, int line) {
  std::size_t at = 0;
  for (int i = 1; i < line && at < text.size(); ++i)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return at;
}

} // namespace

void print(const file_result& of) {
  for (const auto& one : of.cases) {
    std::printf("%s %s: %s\n", one.is_passed() ? in_colour(green, "passed").c_str() : in_colour(red, "FAILED").c_str(),
                of.path.c_str(), one.name.c_str());
    if (!one.error.empty())
      std::printf("  %s\n", in_colour(red, one.error).c_str());
    for (const auto& difference : one.differences)
      std::printf("  %s: %s\n", place_of(of.path, difference.at).c_str(), in_colour(red, difference.what).c_str());
  }
}

std::string junit_report(std::span<const file_result> files) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& file : files) {
    const auto failed =
        std::count_if(file.cases.begin(), file.cases.end(), [](const case_result& one) { return !one.is_passed(); });
    text += "  <testsuite name=\"" + escaped(file.path) + "\" tests=\"" + std::to_string(file.cases.size())
            + "\" failures=\"" + std::to_string(failed) + "\">\n";
    for (const auto& one : file.cases) {
      text += "    <testcase classname=\"" + escaped(file.path) + "\" name=\"" + escaped(one.name) + "\" time=\""
              + core::short_number(one.took.count()) + "\"";
      if (one.is_passed())
        text += "/>\n";
      else
        text += ">\n      <failure message=\"not as expected\">" + escaped(why(file.path, one))
                + "</failure>\n    </testcase>\n";
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

std::string recorded(const test_file& of, std::span<const case_outcome> outcomes) {
  auto text = of.text;
  if (!text.empty() && text.back() != '\n')
    text += '\n';
  // From the last case to the first, so that the lines of those before stay where they are.
  for (auto i = of.cases.size(); i-- > 0;) {
    const auto& one = of.cases[i];
    if (one.expects)
      continue;
    const auto at = one.end.line == 0 ? text.size() : begin_of_line(text, one.end.line);
    text.insert(at, recorded_case(outcomes[i], static_cast<std::size_t>(one.at.column - 1)));
  }
  return text;
}

} // namespace weir::cli
