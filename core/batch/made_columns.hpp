#pragma once

#include "core/batch/batch.hpp"

#include <cmath>
#include <memory>
#include <span>
#include <utility>

namespace weir::core {

/// Puts a column into its place, which may be behind the last one.
inline void set_column(batch& b, column_id id, column_ptr values) {
  if (b.columns.size() <= id)
    b.columns.resize(id + 1);
  b.columns[id] = std::move(values);
}

/// A batch of one record, that no source has read: for expressions over figures. NaN is null.
inline batch one_record(std::span<const double> values) {
  batch made;
  made.rows = {0};
  for (const auto value : values) {
    auto one = std::make_shared<column>();
    one->f64 = {std::isnan(value) ? 0.0 : value};
    if (std::isnan(value))
      one->null = {1};
    made.columns.push_back(std::move(one));
  }
  return made;
}

} // namespace weir::core
