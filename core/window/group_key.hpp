#pragma once

#include "core/batch/batch.hpp"
#include "core/batch/column_builder.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// A column whose values, with those of others, tell groups apart.
struct group_column {
  column_id id = 0;
  std::string name{};
  column_type type = column_type::string; ///< any but double
};

/// The values of several columns as one text: what a group is kept by. A null is a value like others.
class group_keys {
public:
  explicit group_keys(std::vector<group_column> by) : by_{std::move(by)} {}

  const std::vector<group_column>& columns() const noexcept { return by_; }

  /// The keys of the batch's records, as a column of texts: dense, those of dead records empty. Valid until the next
  /// call.
  const column& write(const batch& b);

  /// Whether bytes that were read back are a key.
  bool valid(std::string_view key) const noexcept;

  /// Writes the values of a key into row `row` of `into`, one builder a column. @pre valid(key)
  void read(std::string_view key, row_index row, std::span<column_builder> into) const;

private:
  std::vector<group_column> by_;
  column keys_;
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

} // namespace weir::core
