#pragma once

#include "core/format/value_encoding.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::core {

/// How the columns of a row are encoded, by their names; those that are as they stand are not there.
using row_encodings = std::unordered_map<std::string, value_encoding>;

/// What the schema of a change event says of its row, as Kafka Connect's JSON converter writes schemas: the struct of
/// `after`, else of `before`. Nothing where it is no such schema.
std::optional<row_encodings> read_connect_schema(std::string_view schema);

/// The schemas of the events so far. An event's comes with it, and is the same text again and again: it is read once.
class known_schemas {
public:
  struct schema {
    std::string text;
    std::ptrdiff_t tokens = 0;          ///< of its JSON
    std::vector<value_encoding> of_row; ///< by the names of learn()
  };

  /// The one that `text` begins with; null: none of them. Until the next call.
  const schema* find(std::string_view text) noexcept;

  /// Remembers one. Null: it says nothing of a row. @param names of the row's columns that matter
  const schema* learn(std::string_view text, std::ptrdiff_t tokens, const std::vector<std::string>& names);

private:
  std::vector<schema> schemas_; ///< the one of the last event first
};

} // namespace weir::core
