#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::config {

/// `100ms`, `5s`, `1.5m`, `1h`, `7d`, and `0`. Nothing else: a number without a unit is no duration. To the
/// millisecond.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Bytes: `65536`, `64KiB`, `256MiB`, `1GiB` (powers of 1024), `64kB`, `100MB`, `1GB` (powers of 1000).
std::optional<std::uint64_t> parse_size(std::string_view text);

/// `5%`, from 0 to 100: as a number from 0 to 1.
std::optional<double> parse_share(std::string_view text);

/// As a file spells it, in the largest unit that leaves a whole number: `1500ms`, `5m`, `256MiB`.
std::string duration_text(std::chrono::milliseconds of);
std::string size_text(std::uint64_t bytes);

} // namespace weir::config
