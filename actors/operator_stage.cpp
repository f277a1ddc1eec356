#include "actors/operator_stage.hpp"

#include "actors/lane_failure.hpp"
#include "core/base/wall_clock.hpp"

#include <utility>

namespace weir::actors {

namespace {

using self_pointer = lane_stage_actor::stateful_pointer<operator_stage_state>;

core::operator_counts counts_of(const operator_list& operators) {
  core::operator_counts sum;
  for (const auto& op : operators)
    sum += op->counts();
  return sum;
}

void handle(self_pointer self, lane_item item) {
  auto& st = self->state;
  if (item.barrier) {
    auto& mark = *item.barrier;
    const auto changes_before = mark.changes.size();
    for (auto& op : st.operators) {
      op->collect_changes(mark.changes);
      if (auto panes = op->take_panes(mark.partition, mark.at, mark.next); !panes.empty())
        mark.panes = std::move(panes);
      op->take_windows(mark.partition, mark.next, mark.windows);
    }
    mark.moved |= std::exchange(st.has_ticked, false) && mark.changes.size() > changes_before;
    const auto now = counts_of(st.operators);
    mark.counts += now.since(st.told);
    st.told = now;
    self->send(st.next, std::move(item));
    return;
  }
  auto batch = std::make_shared<core::batch>(*item.batch);
  batch->now_ms = core::now_ms();
  st.has_ticked |= batch->tick_ms.has_value();
  for (auto& op : st.operators) {
    if (!op->wants(*batch))
      continue;
    op->process(*batch);
    if (const auto* why = op->failure()) {
      self->quit(lane_failure(why->text()));
      return;
    }
  }
  if (st.inferencers.empty())
    self->send(st.next, lane_item{item.sequence, std::move(batch), nullptr, std::move(item.models)});
  else
    self->send(st.inferencers[item.sequence % st.inferencers.size()],
               batch_work{std::move(batch), st.next, std::move(item.models), st.stage});
}

} // namespace

lane_stage_actor::behavior_type operator_stage(self_pointer self, operator_list operators,
                                               std::vector<inferencer_actor> inferencers, lane_stage_actor next,
                                               std::size_t stage) {
  self->state.operators = std::move(operators);
  self->state.told = counts_of(self->state.operators);
  self->state.inferencers = std::move(inferencers);
  self->state.next = std::move(next);
  self->state.stage = stage;
  return {
      [=](const lane_item& item) {
        self->state.order.push(item.sequence, item, [=](lane_item in_turn) { handle(self, std::move(in_turn)); });
      },
  };
}

} // namespace weir::actors
