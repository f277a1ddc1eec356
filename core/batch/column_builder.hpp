#pragma once

#include "core/batch/column.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::core {

/// Fills one column of a batch. The values are written through the raw pointers; what is never written is 0 or empty.
class column_builder {
public:
  explicit column_builder(column_type type) noexcept : type_{type} {}

  /// Begins a new column of `rows` records.
  void start(std::size_t rows);

  column_type type() const noexcept { return type_; }
  double* f64() noexcept { return column_->f64.data(); }
  std::int64_t* i64() noexcept { return column_->i64.data(); }
  std::string_view* text() noexcept { return column_->text.data(); }

  void set_null(row_index row) {
    if (column_->null.empty())
      column_->null.resize(rows_);
    column_->null[row] = 1;
  }
  /// Takes set_null() back; needed only where a row is written twice.
  void set_valid(row_index row) {
    if (!column_->null.empty())
      column_->null[row] = 0;
  }
  /// What is there so far, but for texts of arena().
  const column& values() const noexcept { return *column_; }
  bool is_null(row_index row) const noexcept { return column_->is_null(row); }

  /// Gives `row` the text that was appended to arena() since it had `begin` bytes. Visible after finish().
  void set_from_arena(row_index row, std::size_t begin);
  std::string& arena() noexcept { return arena_; }

  column_ptr finish();

private:
  struct made_text {
    row_index row;
    std::size_t begin;
    std::size_t size;
  };

  column_type type_;
  std::size_t rows_ = 0;
  std::shared_ptr<column> column_;
  std::string arena_;
  std::vector<made_text> made_;
};

} // namespace weir::core
