#include "actors/inferencer.hpp"

namespace weir::actors {

inferencer_actor::behavior_type inferencer(inferencer_actor::stateful_pointer<inferencer_state> self,
                                           std::vector<std::shared_ptr<const models::scorer>> scorers) {
  self->state.scorers = std::move(scorers);
  return {
      [=](const batch_work& item) {
        auto scored = std::make_shared<core::batch>(*item.batch);
        for (const auto& scorer : self->state.scorers)
          scorer->run(*scored);
        const auto sequence = scored->sequence;
        self->send(item.next, lane_item{sequence, std::move(scored), nullptr});
      },
  };
}

} // namespace weir::actors
