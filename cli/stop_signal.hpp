#pragma once

#include <atomic>
#include <csignal>

namespace weir::cli {

/// Set by the first SIGINT or SIGTERM; a second one ends the process at once.
inline std::atomic<bool> stop_requested{false};

/// From here on Ctrl-C asks for an end instead of ending.
inline void catch_stop_signals() {
  const auto ask = [](int signal) {
    stop_requested = true;
    std::signal(signal, SIG_DFL);
  };
  std::signal(SIGINT, ask);
  std::signal(SIGTERM, ask);
}

} // namespace weir::cli
