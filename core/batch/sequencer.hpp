#pragma once

#include <cstdint>
#include <map>
#include <utility>

namespace weir::core {

/// Puts items that arrive in any order back into the order of their numbers: 0, 1, 2, ...
/// What is kept is bounded by the credit of the lane, since an item that is missing holds up its successors' credit.
template <class Item>
class sequencer {
public:
  /// Takes item `number` and calls `f(item)` for every item that is now in turn. A number that was already in turn is
  /// ignored: it is a repetition.
  template <class F>
  void push(std::uint64_t number, Item item, F&& f) {
    if (number == next_) { // the usual case keeps nothing
      ++next_;
      f(std::move(item));
    } else if (number > next_) {
      waiting_.emplace(number, std::move(item));
      return;
    } else {
      return;
    }
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      auto first = waiting_.extract(waiting_.begin());
      ++next_;
      f(std::move(first.mapped()));
    }
  }

private:
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Item> waiting_;
};

} // namespace weir::core
