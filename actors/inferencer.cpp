#include "actors/inferencer.hpp"

namespace weir::actors {

inferencer_actor::behavior_type inferencer(inferencer_actor::stateful_pointer<inferencer_state> self) {
  return {
      [=](const batch_work& item) {
        auto scored = std::make_shared<core::batch>(*item.batch);
        item.models->score(*scored);
        scored->scored_with = item.models;
        const auto sequence = scored->sequence;
        self->send(item.next, lane_item{sequence, std::move(scored), nullptr});
      },
  };
}

} // namespace weir::actors
