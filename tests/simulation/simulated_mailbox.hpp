#pragma once

#include "simulated_world.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

namespace weir::core {

/// Messages from one to another: each takes its time, and none overtakes another.
class simulated_mailbox {
public:
  explicit simulated_mailbox(simulated_world& world) : world_{world} {}

  void post(std::chrono::milliseconds most, std::function<void()> message) {
    auto due = world_.now + world_.delay(static_cast<int>(most.count()));
    if (!messages_.empty())
      due = std::max(due, messages_.back().first);
    messages_.emplace_back(due, std::move(message));
  }

  void step() {
    while (!messages_.empty() && messages_.front().first <= world_.now) {
      const auto message = std::move(messages_.front().second);
      messages_.pop_front();
      message();
    }
  }

  void clear() { messages_.clear(); }

private:
  simulated_world& world_;
  std::deque<std::pair<instant, std::function<void()>>> messages_;
};

} // namespace weir::core
