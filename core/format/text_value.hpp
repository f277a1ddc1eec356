#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// A text as a value: what a field of CSV says, and what a cast takes. A text that is no such value gives nothing. A
// byte can be read behind each text (raw blocks and arenas see to that).

namespace weir::core {

/// JSON's numbers, and what spreadsheets write: `+1`, `.5`, `1.`, `007`. Finite.
std::optional<double> read_double(std::string_view text) noexcept;

/// The same, as a whole number that fits.
std::optional<std::int64_t> read_int64(std::string_view text) noexcept;

/// `true`, `false`, in any case, `1` and `0`.
std::optional<std::int64_t> read_boolean(std::string_view text) noexcept;

/// RFC 3339, or milliseconds since the epoch.
std::optional<std::int64_t> read_timestamp(std::string_view text) noexcept;

} // namespace weir::core
