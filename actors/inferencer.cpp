#include "actors/inferencer.hpp"

namespace weir::actors {

inferencer_actor::behavior_type inferencer(inferencer_actor::stateful_pointer<inferencer_state> self,
                                           std::shared_ptr<const config::lane_plan> plan) {
  return {
      [=](const batch_work& item) {
        auto scored = std::make_shared<core::batch>(*item.batch);
        plan->run_pooled(item.stage, *scored, item.models);
        const auto sequence = scored->sequence;
        self->send(item.next, lane_item{sequence, std::move(scored), nullptr, item.models});
      },
  };
}

} // namespace weir::actors
