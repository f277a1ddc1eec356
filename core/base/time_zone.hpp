#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace weir::core {

/// A time zone of the system's database (IANA's): `Europe/Berlin`; `UTC` and offsets like `+02:00` need none.
/// Immutable, and safe to be used by several threads.
class time_zone {
public:
  /// UTC.
  time_zone() = default;

  /// An error: there is no such zone.
  static result<time_zone> find(std::string_view name);

  /// What a clock there shows, as milliseconds since 1970-01-01T00:00 on it. @param ms since the epoch
  std::int64_t to_local(std::int64_t ms) const;

  /// The inverse. A time that a clock shows twice is the first one; one that it leaves out is when it leaves it out.
  std::int64_t to_utc(std::int64_t local) const;

private:
  const date::time_zone* zone_ = nullptr; ///< null: `offset_` holds at all times
  std::int64_t offset_ = 0;               ///< milliseconds in front of UTC
};

} // namespace weir::core
