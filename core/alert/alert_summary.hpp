#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Appends a value as a person reads it: text as it is, timestamps in RFC 3339, `null`.
void append_value(const column& c, row_index row, std::string& out);

/// A text with columns in it: `{CustomerID} spent {Amount}`; `{{` and `}}` stand for braces. Immutable.
class alert_summary {
public:
  /// Resolves the names against `columns`. `error::where` is `col N`, counted in bytes from 1.
  static result<alert_summary> parse(const layout& columns, std::string_view text);

  /// Appends the text for one record. Bytes of a value that are not UTF-8 become U+FFFD.
  void render(const batch& b, row_index row, std::string& out) const;

private:
  struct part {
    std::string text; ///< in front of the column
    std::optional<column_id> column;
  };

  std::vector<part> parts_;
};

} // namespace weir::core
