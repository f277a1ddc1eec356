#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::core {

/// Longest text of write_double() and of write_int64().
inline constexpr std::size_t longest_number = 25;

/// The room that both need: they copy in blocks, and write behind the text's end.
inline constexpr std::size_t number_text_size = 64;

/// Writes the shortest decimal that reads back to the same bits, the nearest of those, in the notation of ECMAScript
/// and RFC 8785: without `.0` where it is integral, with an exponent from 1e21 up and below 1e-6. (Only -0 keeps its
/// sign here.) Returns the end.
/// @pre value is finite
char* write_double(double value, char* out) noexcept;

char* write_int64(std::int64_t value, char* out) noexcept;

} // namespace weir::core
