#pragma once

#include "core/base/result.hpp"
#include "core/format/type_guess.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace weir::cli {

/// A field as the `schema` of a pipeline may name it.
struct guessed_field {
  std::string name;
  core::column_type type = core::column_type::string;
  bool is_key = false;
  bool is_required = false;
  std::string doubt; ///< what is doubtful about it; empty: nothing
};

/// What records look like, from looking at some: the fields that a schema may name. Not thread-safe.
class schema_guess {
public:
  /// @param header names of the fields, of CSV; empty: records are JSON objects, which name their own
  explicit schema_guess(const std::vector<std::string>& header);

  /// Looks at a record. One that cannot be read is counted alone.
  void take(std::string_view record, std::optional<std::string_view> key = {});

  std::uint64_t records() const noexcept { return records_; }
  std::uint64_t unreadable() const noexcept { return unreadable_; }

  /// In the order in which they came. Those that hold objects or lists are left out: see nested(). A field whose value
  /// is the key of every record is the key, the first one if there are several. Required is what no record lacks.
  std::vector<guessed_field> fields() const;

  /// Fields that no schema can name: they go through as they came.
  std::vector<std::string> nested() const;

private:
  struct seen_field {
    std::string name;
    core::type_guess type;
    std::uint64_t present = 0; ///< records in which it has a value
    std::uint64_t as_key = 0;  ///< records whose key is its value
    std::uint64_t at = 0;      ///< the last record in which it was
  };

  seen_field& field(std::string_view name);
  bool take_row(std::string_view row, std::optional<std::string_view> key);
  bool take_object(std::string_view text, std::optional<std::string_view> key);
  void take_value(seen_field& into, simdjson::dom::element value, std::optional<std::string_view> key);

  std::vector<seen_field> fields_;
  std::map<std::string, std::size_t, std::less<>> places_;
  std::size_t columns_; ///< of CSV
  std::uint64_t records_ = 0;
  std::uint64_t unreadable_ = 0;
  simdjson::dom::parser parser_;
};

} // namespace weir::cli
