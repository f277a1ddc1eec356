#include "core/cluster/followed_goal.hpp"

#include <algorithm>

namespace weir::core {

goal followed_goal::seen(goal shown) {
  if (!asked_)
    return shown;
  if (shown == *asked_ || shown == goal::stopped) {
    asked_.reset();
    return shown;
  }
  return *asked_ == goal::stopped ? shown : *asked_;
}

goal followed_goal::to_do(const cluster_view& view, bool supervisor_lives_here, instant now) {
  if (view.wanted != goal::stopped) {
    doing_ = view.wanted;
    return doing_;
  }
  if (!stop_seen_)
    stop_seen_ = now;
  if (!supervisor_lives_here || now - *stop_seen_ > stop_notice_ || others_know_of_the_stop(view))
    doing_ = goal::stopped;
  return doing_;
}

bool followed_goal::others_know_of_the_stop(const cluster_view& view) const {
  return std::all_of(view.nodes.begin(), view.nodes.end(), [&](const cluster_view::member& member) {
    return member.report.node == node_ || member.report.phase == node_phase::stopping
           || member.age_ms > stop_notice_.count();
  });
}

} // namespace weir::core
