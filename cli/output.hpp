#pragma once

#include "core/base/result.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace weir::cli {

/// A file to write to, or stdout for `-` and for no path. Writes in large blocks. Not thread-safe.
class output {
public:
  static core::result<output> open(const std::string& path);
  output(output&& other) noexcept;
  output(const output&) = delete;
  output& operator=(const output&) = delete;
  ~output();

  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= block)
      flush();
  }

  /// Hands what was written to the system. False when it could not take it, now or before (a full disk, a closed pipe).
  bool flush();

  /// The same at the end. An error says what could not be written, and why.
  core::result<void> finish();

private:
  output(std::FILE* file, std::string name) : file_{file}, name_{std::move(name)} {}

  static constexpr std::size_t block = 1u << 18; ///< bytes

  std::FILE* file_;
  std::string name_; ///< as messages say it
  int failure_ = 0;  ///< errno of the first write that failed; 0: none
  std::string buffer_;
};

} // namespace weir::cli
