#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Edits (insert, delete, replace, swap of neighbours) between two names; case counts half an edit and is rounded up.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

/// The one of `names` that `word` was probably meant to be: `did you mean 'x'?`; empty when none is near.
template <class Names>
std::string did_you_mean(std::string_view word, const Names& names) {
  std::string_view best;
  auto least = std::max<std::size_t>(1, word.size() / 3) + 1;
  if (word.size() > 64) // no name is so long, and the comparison is quadratic
    return {};
  for (const auto& name : names)
    if (const auto distance = edit_distance(word, name); distance < least) {
      least = distance;
      best = name;
    }
  return best.empty() ? std::string{} : "did you mean '" + std::string{best} + "'?";
}

} // namespace weir::core
