#pragma once

#include "config/binding.hpp"
#include "core/batch/made_columns.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::steps {

/// Where a step puts what it makes of a column: a new column, or without a name for that the column's own place.
inline core::column_id made_of(const config::column_name& of, const config::new_column& as, core::column_type type,
                               config::binding& into) {
  return as.text.empty() ? into.make_or_replace(config::new_column{of}, type) : into.make(as, type);
}

/// A column of doubles, from each value of a column of numbers. A null stays one.
template <class F>
void set_numbers(core::batch& b, core::column_id from, core::column_id into, F of) {
  const auto& numbers = b.at(from);
  auto made = std::make_shared<core::column>();
  made->null = numbers.null;
  made->f64.resize(b.raw->size());
  const auto fill = [&](const auto& values) {
    for (std::size_t i = 0; i < made->f64.size(); ++i)
      made->f64[i] = of(static_cast<double>(values[i]));
  };
  numbers.type == core::column_type::float64 ? fill(numbers.f64) : fill(numbers.i64);
  core::set_column(b, into, std::move(made));
}

/// Shortens the rows of `b` to `kept`; the others count as filtered.
inline void keep(core::batch& b, std::vector<core::row_index> kept) {
  b.filtered += static_cast<std::uint32_t>(b.rows.size() - kept.size());
  b.rows = std::move(kept);
}

/// Sends rows to the dead letters. @param reasons by row, ascending
inline void reject(core::batch& b, std::vector<std::pair<core::row_index, std::string>> reasons) {
  auto refused = reasons.begin();
  std::erase_if(b.rows, [&](core::row_index row) {
    while (refused != reasons.end() && refused->first < row)
      ++refused;
    return refused != reasons.end() && refused->first == row;
  });
  for (auto& [row, reason] : reasons)
    b.rejected.push_back({row, core::stage::cast, std::move(reason)});
}

} // namespace weir::steps
