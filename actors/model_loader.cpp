#include "actors/model_loader.hpp"

namespace weir::actors {

model_loader_actor::behavior_type model_loader(model_loader_actor::stateful_pointer<model_loader_state> self,
                                               std::shared_ptr<const config::lane_plan> plan, node_actor node) {
  self->state.plan = std::move(plan);
  self->state.node = std::move(node);
  return {
      [=](const core::model_choice& choice) {
        auto& st = self->state;
        self->send(st.node, config::load_models(*st.plan, choice));
      },
  };
}

} // namespace weir::actors
