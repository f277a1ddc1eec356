#pragma once

#include "core/batch/batch.hpp"
#include "models/graph/tensor.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>

// Columns of a batch as a model takes them: values of some rows, side by side.

namespace weir::models {

template <class To, class From>
void gather_values(const From* from, const core::row_index* rows, std::size_t count, std::byte* into) {
  auto* values = reinterpret_cast<To*>(into);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<To>(from[rows[i]]);
}

template <class To>
void gather_numbers(const core::column& from, const core::row_index* rows, std::size_t count, std::byte* into) {
  if (from.type == core::column_type::float64)
    gather_values<To>(from.f64.data(), rows, count, into);
  else
    gather_values<To>(from.i64.data(), rows, count, into);
}

/// Whether a value of this type can say that it is missing.
inline bool can_be_missing(element type) noexcept {
  return type == element::f32 || type == element::f64 || type == element::text;
}

/// Of a feature that the model fills: NaN where nothing stands, or what is not finite as the model takes it; of texts
/// an empty one.
inline void mark_missing(const core::column& from, element type, const core::row_index* rows, std::size_t count,
                         std::byte* values) {
  const auto mark = [&](auto* into, auto missing, auto is_none) {
    for (std::size_t i = 0; i < count; ++i)
      if (from.is_null(rows[i]) || is_none(into[i]))
        into[i] = missing;
  };
  const auto is_infinite = [](auto x) { return std::isinf(x); };
  if (type == element::f32)
    mark(reinterpret_cast<float*>(values), std::numeric_limits<float>::quiet_NaN(), is_infinite);
  else if (type == element::f64)
    mark(reinterpret_cast<double*>(values), std::numeric_limits<double>::quiet_NaN(), is_infinite);
  else if (type == element::text)
    mark(reinterpret_cast<std::string_view*>(values), std::string_view{}, [](std::string_view) { return false; });
}

} // namespace weir::models
