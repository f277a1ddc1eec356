#pragma once

#include "core/base/time_zone.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::core {

/// Reads a time as a format of strptime says it: `%d.%m.%Y %H:%M:%S`. `%S` takes a fraction too, `%z` an offset, which
/// then holds in place of `zone`. Nothing where the text is not so to its end, or is no time of the calendar.
std::optional<std::int64_t> parse_time(std::string_view text, const std::string& format, const time_zone& zone);

/// Writes a time as a format of strftime says it, as a clock in that zone shows it. `%S` has milliseconds only where
/// there are some. @pre is_rfc3339_time(ms)
std::string format_time(std::int64_t ms, const std::string& format, const time_zone& zone);

/// Why it is no format: it knows no field by that letter. Empty: it is one.
std::string wrong_time_format(std::string_view format);

} // namespace weir::core
