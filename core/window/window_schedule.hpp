#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace weir::core {

/// When something is due of an entry of windows, in event time.
class window_schedule {
public:
  void add(std::int64_t due, std::byte* entry) { queue_.push({due, entry}); }
  bool empty() const noexcept { return queue_.empty(); }

  /// @pre !empty()
  std::int64_t next() const noexcept { return queue_.top().due; }

  /// The entries of that time, in no order; one may be there twice.
  const std::vector<std::byte*>& take_next() {
    taken_.clear();
    for (const auto due = next(); !queue_.empty() && queue_.top().due == due; queue_.pop())
      taken_.push_back(queue_.top().entry);
    return taken_;
  }

  void clear() { queue_ = {}; }

private:
  struct item {
    std::int64_t due;
    std::byte* entry;
    bool operator>(const item& other) const noexcept { return due > other.due; }
  };

  std::priority_queue<item, std::vector<item>, std::greater<>> queue_;
  std::vector<std::byte*> taken_;
};

} // namespace weir::core
