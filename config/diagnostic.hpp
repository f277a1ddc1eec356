#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

/// A place in the file, for messages: 1-based, in bytes; 0 when not known.
struct position {
  int line = 0;
  int column = 0;

  auto operator<=>(const position&) const = default;
};

/// One thing that is wrong, or doubtful, about a configuration file. It never shows a value that came from the
/// environment or a file.
struct diagnostic {
  std::string file;
  position at;
  std::string message; ///< one sentence, lower case, no full stop; says what to do where that is known
  bool is_warning = false;

  /// `pipeline.yaml:12:7: error: unknown field 'fitler' in preprocess step, did you mean 'filter'?`
  std::string text() const;

  bool operator==(const diagnostic&) const = default;
};

/// By position, each once.
void sort(std::vector<diagnostic>& diagnostics);

/// `, did you mean 'filter'?` for the candidate that is nearest to `word`, or nothing when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

} // namespace weir::config
