#pragma once

#include <chrono>
#include <cstdint>

namespace weir::core {

/// The wall clock, in milliseconds since 1970-01-01T00:00:00Z. It may be set back.
inline std::int64_t now_ms() noexcept {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace weir::core
