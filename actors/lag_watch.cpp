#include "actors/lag_watch.hpp"

#include <utility>
#include <vector>

namespace weir::actors {

namespace {

using self_pointer = lag_watch_actor::stateful_pointer<lag_watch_state>;

void look(self_pointer self) {
  auto& st = self->state;
  std::vector<core::lane_account> lanes;
  std::vector<core::partition_id> partitions;
  for (auto& lane : st.options.registry->lanes())
    if (lane.active) {
      partitions.push_back(lane.partition);
      lanes.push_back(std::move(lane));
    }
  if (lanes.empty()) {
    st.answered.clear();
    return;
  }
  const auto ends = st.ends->ask(partitions, st.options.timeout);
  const auto now = self->clock().now();
  for (auto before = std::exchange(st.answered, {}); const auto& lane : lanes) {
    const auto end = ends.find(lane.partition);
    const auto last = before.find(lane.partition);
    auto& answered = st.answered[lane.partition];
    answered = end == ends.end() && last != before.end() ? last->second : now;
    if (end != ends.end())
      core::lane_stats::set(lane.stats->high_watermark, value_of(end->second));
    else if (now - answered >= st.options.patience)
      core::lane_stats::set(lane.stats->high_watermark, core::lane_stats::unknown);
  }
}

} // namespace

lag_watch_actor::behavior_type lag_watch(self_pointer self, std::shared_ptr<io::end_offsets> ends,
                                         lag_watch_options options) {
  self->state.ends = std::move(ends);
  self->state.options = std::move(options);
  self->delayed_send(self, self->state.options.interval, caf::tick_atom_v);
  return {
      [=](start_atom) { look(self); },
      [=](caf::tick_atom) {
        look(self);
        self->delayed_send(self, self->state.options.interval, caf::tick_atom_v);
      },
  };
}

} // namespace weir::actors
