#pragma once

#include <cstdint>

namespace weir::core {

/// How a value is written down that its JSON does not explain.
struct value_encoding {
  enum class kind : std::uint8_t {
    plain,                 ///< as it stands; a number that is a time counts milliseconds since 1970
    microseconds,          ///< since 1970
    nanoseconds,           ///< since 1970
    days,                  ///< since 1970
    decimal,               ///< base64 of a number in two's complement, the highest byte first; by 10^-scale
    decimal_without_scale, ///< the same, of which nothing says the scale: it cannot be read
  };

  kind is = kind::plain;
  std::int32_t scale = 0;
};

} // namespace weir::core
