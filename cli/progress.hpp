#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>

#include <unistd.h>

namespace weir::cli {

/// One line on a terminal that says once a second how far long work has come; silent in a pipe.
class progress {
public:
  /// @param what done to the records: `produced`.
  explicit progress(const char* what) : what_{what}, shown_{isatty(STDERR_FILENO) != 0} {}
  ~progress() {
    if (has_line_)
      std::fputc('\n', stderr);
  }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  void update(std::uint64_t records) {
    if (shown_ && clock::now() - last_ >= std::chrono::seconds{1})
      show(records);
  }

  std::chrono::nanoseconds elapsed() const { return clock::now() - start_; }
  double seconds() const { return std::chrono::duration<double>(elapsed()).count(); }

private:
  using clock = std::chrono::steady_clock;

  void show(std::uint64_t records) {
    last_ = clock::now();
    has_line_ = true;
    std::fprintf(stderr, "\r%s %llu records, %.0f/s  ", what_, static_cast<unsigned long long>(records),
                 static_cast<double>(records) / seconds());
  }

  const char* what_;
  bool shown_;
  bool has_line_ = false;
  clock::time_point start_ = clock::now();
  clock::time_point last_ = start_;
};

} // namespace weir::cli
