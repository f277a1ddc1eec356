#include "config/diagnostic.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace weir::config {

namespace {

constexpr std::size_t longest_compared = 64;

std::string folded(std::string_view word) {
  std::string result{word};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

} // namespace

std::string diagnostic::text() const {
  auto place = file;
  if (at.line > 0)
    place += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  return place + ": error: " + message;
}

void sort(std::vector<diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.file, a.at) < std::tie(b.file, b.at); });
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end()), diagnostics.end());
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > longest_compared)
    return {};
  const std::string* nearest = nullptr;
  auto best = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const auto& candidate : candidates) {
    if (candidate.size() > longest_compared || candidate == word)
      continue;
    auto far = distance(folded(word), folded(candidate));
    if (far < best && far < candidate.size()) {
      best = far;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? std::string{} : ", did you mean '" + *nearest + "'?";
}

} // namespace weir::config
