#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace weir::core {

/// Which records of a changelog that is a log of segments are live: those from first() on. Segments have running
/// numbers, and the oldest go first.
class segment_log {
public:
  std::uint64_t first() const noexcept { return first_; }

  /// The number of the next segment.
  std::uint64_t next() const noexcept { return first_ + sizes_.size(); }

  /// Of all live segments.
  std::uint64_t bytes() const noexcept { return bytes_; }

  void append(std::size_t bytes) {
    sizes_.push_back(bytes);
    bytes_ += bytes;
  }

  void drop_first() {
    bytes_ -= sizes_.front();
    sizes_.pop_front();
    ++first_;
  }

  /// A segment that was read back: the first may have any number. @returns false when one before it is missing
  [[nodiscard]] bool restore(std::uint64_t number, std::size_t bytes) {
    if (sizes_.empty())
      first_ = number;
    else if (number != next())
      return false;
    append(bytes);
    return true;
  }

private:
  std::uint64_t first_ = 0;
  std::deque<std::size_t> sizes_;
  std::uint64_t bytes_ = 0;
};

} // namespace weir::core
