#include "config/diagnostic.hpp"

#include "core/base/nearest_name.hpp"

#include <algorithm>
#include <tuple>

namespace weir::config {

std::string diagnostic::text() const {
  auto place = file;
  if (at.line > 0)
    place += ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  return place + (is_warning ? ": warning: " : ": error: ") + message;
}

void sort(std::vector<diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.file, a.at) < std::tie(b.file, b.at); });
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end()), diagnostics.end());
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  auto guess = core::did_you_mean(word, candidates);
  return guess.empty() ? guess : ", " + guess;
}

} // namespace weir::config
