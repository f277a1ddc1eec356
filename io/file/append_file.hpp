#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace weir::io {

/// A file that is only appended to. Its length at a commit is part of the commit: a restart cuts off what came after.
class append_file {
public:
  static constexpr std::uint64_t at_end = ~std::uint64_t{0};

  /// Opens or makes the file and cuts it to `length` (`at_end`: to its last whole line). A file that is shorter than
  /// that is an error: it is not the file that the state speaks of.
  static core::result<std::shared_ptr<append_file>> open(const std::string& path, std::uint64_t length);

  /// What the process has as its standard output, whatever that is: it goes on where that stands.
  static std::shared_ptr<append_file> standard_output();

  ~append_file();
  append_file(const append_file&) = delete;
  append_file& operator=(const append_file&) = delete;

  /// False: not all could be written (disk full), and what was is cut off. Nothing is taken any more then.
  bool append(const std::string& bytes);

  /// Waits until all is on the disk; returns the length then.
  core::result<std::uint64_t> sync();

  /// Why nothing is taken any more.
  std::optional<core::error> failure() const;

  const std::string& path() const noexcept { return path_; }
  /// Not a pipe or a device: those have no length to go back to.
  bool has_length() const noexcept { return has_length_; }
  std::uint64_t length() const noexcept { return length_; }

private:
  append_file(std::string path, int fd, bool has_length, std::uint64_t length) :
      path_{std::move(path)}, fd_{fd}, has_length_{has_length}, length_{length} {}

  std::string path_;
  int fd_;
  bool has_length_;
  mutable std::mutex mutex_;
  std::uint64_t length_;
  std::optional<core::error> failure_;
};

} // namespace weir::io
