#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::core {

/// The bytes of a base64 text (RFC 4648, with its padding), appended to `out`. False when it is none; `out` is then of
/// no use.
bool decode_base64(std::string_view text, std::string& out);

inline constexpr std::size_t longest_decimal = 4096;   ///< bytes of its integer
inline constexpr std::int32_t largest_scale = 100'000; ///< either way

/// Appends the decimal `integer * 10^-scale` to `out` as a number of JSON, with all its digits: `-12.50`.
/// @param integer in two's complement, the highest byte first
/// @pre 1 to longest_decimal bytes, and a scale of largest_scale at most, either way
void append_decimal(std::string_view integer, std::int32_t scale, std::string& out);

} // namespace weir::core
