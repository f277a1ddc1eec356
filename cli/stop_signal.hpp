#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>

namespace weir::cli {

/// Set by the first SIGINT or SIGTERM; a second one ends the process at once.
inline std::atomic<bool> stop_requested{false};

namespace detail {

inline std::atomic<std::int64_t> stop_requested_at{0};

inline std::int64_t monotonic_ms() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now); // safe in a signal handler, unlike much else
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

} // namespace detail

/// From here on Ctrl-C asks for an end instead of ending.
inline void catch_stop_signals() {
  // A process that is signalled with its group, as `timeout` does it, gets one request twice.
  constexpr std::int64_t one_request_ms = 250;
  const auto ask = [](int signal) {
    const auto now = detail::monotonic_ms();
    if (!stop_requested.exchange(true)) {
      detail::stop_requested_at = now;
    } else if (now - detail::stop_requested_at > one_request_ms) {
      std::signal(signal, SIG_DFL);
      std::raise(signal);
    }
  };
  std::signal(SIGINT, ask);
  std::signal(SIGTERM, ask);
}

} // namespace weir::cli
