#pragma once

#include "core/cluster/cluster_messages.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace weir::core {

/// What a node is to do while those who have a say in it are not of one mind yet: an operator has asked this node for
/// something that no view shows, or the others have not heard yet that all are to stop.
///
/// Single-threaded; the clock is a parameter.
class followed_goal {
public:
  using instant = std::chrono::steady_clock::time_point;

  /// @param stop_notice how long the supervisor's own node waits for the others to hear that all are to stop
  followed_goal(std::string node, std::chrono::milliseconds stop_notice) :
      node_{std::move(node)}, stop_notice_{stop_notice} {}

  /// An operator asks this node.
  void ask(goal wanted) { asked_ = wanted; }

  /// What the supervisor has to be told until a view shows it.
  std::optional<goal> asked() const noexcept { return asked_; }

  /// The goal in a view that came, as this node sees it: what was asked for here counts before the supervisor knows.
  goal seen(goal shown);

  /// What the node is to do at a view whose goal is the one seen(). A supervisor that ended before the others have
  /// heard that they are to stop would leave them running.
  goal to_do(const cluster_view& view, bool supervisor_lives_here, instant now);

  /// The node is to do this, whatever the others do.
  void force(goal wanted) noexcept { doing_ = wanted; }

private:
  bool others_know_of_the_stop(const cluster_view& view) const;

  std::string node_;
  std::chrono::milliseconds stop_notice_;
  std::optional<goal> asked_;
  goal doing_ = goal::running;
  std::optional<instant> stop_seen_; ///< when a view that stops was first heard
};

} // namespace weir::core
