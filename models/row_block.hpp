#pragma once

#include "models/model.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace weir::models {

/// Rows that are gathered for a model one by one, each feature as the model takes it. Reusable.
class row_block {
public:
  explicit row_block(const model& scores_with);

  std::size_t rows() const noexcept { return rows_; }
  bool is_full() const noexcept { return rows_ == most_; }
  void clear() noexcept { rows_ = 0; }

  /// Sets a feature of the row that add_row() adds next. A number is rounded as the model takes it.
  void set(std::size_t feature, double value) noexcept;
  void set(std::size_t feature,
           std::string_view text) noexcept; ///< @pre the feature is a text, which outlives predict()
  void add_row() noexcept { ++rows_; }

  /// Scores all rows: model::columns() columns, valid until this thread scores again.
  const std::vector<const void*>& predict();

private:
  const model& model_;
  std::size_t most_;
  std::size_t rows_ = 0;
  std::vector<std::vector<std::byte>> columns_; ///< by feature
  std::vector<const void*> inputs_;
  std::vector<const void*> outputs_;
};

/// A number of a column that a model made, as double. @pre it is one of numbers
double number_at(const void* column, element type, std::size_t row) noexcept;

} // namespace weir::models
