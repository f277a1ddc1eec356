#pragma once

#include <chrono>
#include <string>

// What goes on is said once in the log, however long it goes on, and however many actors and clients see it.

namespace weir::io {

/// True when nobody has asked this within the last minute. Thread-safe, one memory for the process.
bool is_news(const std::string& text, std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

/// Logs what is news, as a warning.
void warn_of(const std::string& text);

/// Logs what is news, as an error.
void tell_error(const std::string& text);

} // namespace weir::io
