#include "cli/format_option.hpp"

#include "core/format/format.hpp"

#include <algorithm>
#include <vector>

namespace weir::cli {

void add_format_option(arguments& verb, const core::format_kind*& into,
                       std::span<const core::format_kind* const> choices, const std::string& help) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view word) {
    if (std::find(words.begin(), words.end(), word) == words.end())
      words.emplace_back(word);
  };
  for (const auto* format : choices) {
    add(format->name);
    for (const auto extension : format->extensions)
      add(extension.substr(1));
  }
  const auto take = [&into](const std::string& word) -> core::result<void> {
    into = core::find_format(word);
    if (into == nullptr)
      into = core::format_of_file("." + word, nullptr);
    return {};
  };
  verb.option("--format", take, help).one_of(words);
}

} // namespace weir::cli
