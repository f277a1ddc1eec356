#include "cli/problem_text.hpp"

#include "config/excerpt.hpp"
#include "config/yaml_document.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>

namespace weir::cli {

namespace {

constexpr std::string_view bold = "\033[1m";
constexpr std::string_view red = "\033[1;31m";
constexpr std::string_view yellow = "\033[1;33m";
constexpr std::string_view blue = "\033[34m";
constexpr std::string_view plain = "\033[0m";

/// The first line of a problem.
std::string headline(const config::diagnostic& problem, bool in_colour) {
  auto text = problem.text();
  if (!in_colour)
    return text;
  const std::string_view kind = problem.is_warning ? "warning" : "error";
  const auto at = text.size() - problem.message.size() - kind.size() - 2; // `error: `
  return std::string{bold} + text.substr(0, at) + std::string{plain} + std::string{problem.is_warning ? yellow : red}
         + text.substr(at, kind.size()) + std::string{plain} + text.substr(at + kind.size());
}

} // namespace

std::string problem_text(const std::vector<config::diagnostic>& problems, bool in_colour) {
  std::map<std::string, std::string> files;
  const auto text_of = [&](const std::string& file) -> const std::string& {
    const auto [entry, is_new] = files.try_emplace(file);
    if (auto text = is_new ? config::read_text(file) : tl::unexpected{config::diagnostic{}})
      entry->second = std::move(*text);
    return entry->second;
  };
  std::string all;
  for (const auto& problem : std::span{problems}.first(std::min(problems.size(), most_problems))) {
    all += headline(problem, in_colour) + '\n';
    const auto line = problem.at.line > 0 ? config::excerpt_of(problem, text_of(problem.file)) : config::excerpt{};
    all += in_colour ? line.shown(problem.is_warning ? yellow : red, plain, blue, plain) : line.shown();
  }
  if (problems.size() > most_problems)
    all += "and " + std::to_string(problems.size() - most_problems) + " more\n";
  return all;
}

} // namespace weir::cli
