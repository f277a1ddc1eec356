#pragma once

#include "core/batch/column.hpp"
#include "core/detect/json_members.hpp"
#include "core/format/csv_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir::core {

/// Knows the fields of a stream of JSON objects, or of rows of CSV, and tells each change of them once: a field that is
/// new, that is gone, that has another type. Their order plays no part, nor does null. What it knows to begin with is a
/// schema; the first records teach it which other fields are usual, and which fields are not in all records and so are
/// never gone. So is a field that was new.
///
/// A record with the same fields and types as one before costs a walk over its text and a hash.
class schema_watch {
public:
  /// Fields that it knows at most, and the longest name: what is beyond is not looked at.
  static constexpr std::size_t max_fields = 1000;
  static constexpr std::size_t max_name_bytes = 128;

  struct options {
    std::vector<std::pair<std::string, column_type>> schema; ///< of objects
    std::uint64_t learned_records = 100;
    bool is_csv = false; ///< rows, whose fields are called `column 1` and so on, and are of the type that they read as
    csv_dialect dialect{}; ///< of rows
  };

  explicit schema_watch(options how);

  /// The next record of a batch. @returns what has changed, for people; empty: nothing
  /// @param at where it stands in the batch @param record_at gives the records of the batch in front of it
  std::string look(std::size_t at, std::string_view record, std::int64_t offset,
                   const std::function<std::pair<std::string_view, std::int64_t>(std::size_t)>& record_at);

  /// To be called behind the last record of a batch, of which it then remembers the last example of each field.
  void end_batch(const std::function<std::pair<std::string_view, std::int64_t>(std::size_t)>& record_at);

  std::size_t fields() const noexcept { return fields_.size(); }

  void encode(std::string& into) const;
  /// False: these bytes are not what encode() has written.
  [[nodiscard]] bool decode(std::string_view from);

private:
  struct example {
    std::int64_t offset = -1; ///< -1: there is none
    std::string text;
  };
  struct field {
    std::uint8_t types = 0; ///< a bit for each json_type
    bool is_usual = false;  ///< in all records so far, or in the schema
    std::uint64_t seen = 0; ///< among the first records
    example first;
    example last; ///< as of the last batch
  };
  using record_source = std::function<std::pair<std::string_view, std::int64_t>(std::size_t)>;

  static constexpr std::size_t max_shapes = 4096;

  /// Calls `f(json_member)` for each field. False: the record is broken off, or something else.
  template <class F>
  bool for_each_field(std::string_view record, F&& f) const;
  std::uint64_t shape_of(std::string_view record) const;
  static example example_of(const json_member& member, std::int64_t offset);
  void learn(std::string_view record, std::int64_t offset);
  void end_learning();
  std::string compare(std::size_t at, std::string_view record, std::int64_t offset, const record_source& record_at);
  example last_of(const std::string& name, const field& of, std::size_t before, const record_source& record_at) const;

  options how_;
  mutable csv_fields row_;
  mutable std::deque<std::string> column_names_; ///< of rows so far
  std::uint64_t records_ = 0;                    ///< learned from
  std::map<std::string, field, std::less<>> fields_;
  std::unordered_map<std::uint64_t, std::size_t> shapes_; ///< that hold nothing new: the newest record of the batch
};

} // namespace weir::core
