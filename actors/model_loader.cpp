#include "actors/model_loader.hpp"

#include <spdlog/spdlog.h>

namespace weir::actors {

namespace {

using self_pointer = model_loader_actor::stateful_pointer<model_loader_state>;

void look(self_pointer self) {
  auto& st = self->state;
  std::vector<std::string> problems;
  for (auto& wish : st.follower->look(*st.options.board->models(), problems))
    self->send(st.node, request_atom_v, std::move(wish));
  for (const auto& problem : problems)
    spdlog::warn("{}", problem);
  self->delayed_send(self, st.options.interval, caf::tick_atom_v);
}

} // namespace

model_loader_actor::behavior_type model_loader(self_pointer self, node_actor node, model_loader_options options) {
  auto& state = self->state;
  state.node = std::move(node);
  state.options = std::move(options);
  state.follower.emplace(state.options.plan->slots);
  if (state.follower->follows_any())
    self->send(self, caf::tick_atom_v);
  return {
      [=](const core::model_choice& choice) {
        auto& st = self->state;
        self->send(st.node, config::load_models(*st.options.plan, choice));
      },
      [=](caf::tick_atom) { look(self); },
  };
}

} // namespace weir::actors
