#pragma once

#include "core/batch/column.hpp"
#include "core/format/csv_rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::core {

/// The type of a column, from samples of its values. What all samples are is its type; whole numbers beside fractions
/// are doubles, anything else is a string. What is no number to count with stays text: `007`, and whole numbers that
/// 64 bits cannot hold where all are whole (as a double they would lose digits).
class type_guess {
public:
  /// A value without a type of its own: a field of CSV. Empty: null.
  void take_text(std::string_view text);

  /// The same, but in quotes an empty text is no null.
  void take_field(const csv_fields::field& field);

  /// A value as it stands in JSON. An object or an array is taken for a text.
  /// @pre it is well-formed, without white space around it
  void take_json(std::string_view value);

  void take_null() noexcept { ++nulls_; }

  /// String, where no sample was a value.
  column_type type() const noexcept;

  /// Whether all are whole numbers that lie between 2000 and 2100 as milliseconds since 1970.
  bool may_be_milliseconds() const noexcept { return likely_times_ > 0 && likely_times_ == values(); }

  /// What is doubtful about type(), for people; empty: nothing.
  std::string doubt() const;

  /// Samples that were objects or arrays.
  std::uint64_t nested() const noexcept { return nested_; }

  /// Samples that were no null, and those that were.
  std::uint64_t values() const noexcept {
    return booleans_ + wholes_ + large_ + fractions_ + times_ + padded_ + nested_ + texts_;
  }
  std::uint64_t nulls() const noexcept { return nulls_; }

private:
  bool take_number(std::string_view text);

  std::uint64_t nulls_ = 0;
  std::uint64_t booleans_ = 0;
  std::uint64_t wholes_ = 0;
  std::uint64_t large_ = 0; ///< whole numbers beyond 64 bits
  std::uint64_t fractions_ = 0;
  std::uint64_t times_ = 0;  ///< RFC 3339
  std::uint64_t padded_ = 0; ///< digits with zeros in front
  std::uint64_t nested_ = 0;
  std::uint64_t likely_times_ = 0; ///< of the whole ones, those that may be milliseconds
  std::uint64_t texts_ = 0;
};

/// A field of a file's rows, and what the first of them say of it.
struct sampled_field {
  std::string name;
  type_guess guess{};
};

} // namespace weir::core
