#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::core {

/// Longest text of write_double() and of write_int64().
inline constexpr std::size_t number_text_size = 32;

/// Writes the shortest decimal that reads back to the same bits, the nearest of those; JSON's and C's grammar. An
/// integral value has no `.0`. Returns the end.
/// @pre value is finite
char* write_double(double value, char* out) noexcept;

char* write_int64(std::int64_t value, char* out) noexcept;

} // namespace weir::core
