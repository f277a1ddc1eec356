#pragma once

#include "core/cluster/model_swap.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace weir::core {

/// Wishes of a node that its supervisor may not have heard: they are told again until a view shows that it has, or has
/// had the time to. A supervisor ignores what it hears twice. Not thread-safe; the clock is a parameter.
class told_wishes {
public:
  using instant = std::chrono::steady_clock::time_point;

  explicit told_wishes(std::chrono::milliseconds patience = std::chrono::seconds{10}) : patience_{patience} {}

  void add(model_wish wish, instant now) { pending_.emplace_back(now + patience_, std::move(wish)); }

  void hear(const model_swap_view& view) {
    std::erase_if(pending_, [&](const auto& entry) { return entry.second.id == view.wish; });
  }

  /// What is to be told now.
  std::vector<model_wish> due(instant now) {
    std::erase_if(pending_, [&](const auto& entry) { return entry.first < now; });
    std::vector<model_wish> wishes;
    for (const auto& [until, wish] : pending_)
      wishes.push_back(wish);
    return wishes;
  }

private:
  std::chrono::milliseconds patience_;
  std::vector<std::pair<instant, model_wish>> pending_; ///< and until when they are told
};

} // namespace weir::core
