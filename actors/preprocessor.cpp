#include "actors/preprocessor.hpp"

#include "actors/lane_failure.hpp"

namespace weir::actors {

preprocessor_actor::behavior_type preprocessor(preprocessor_actor::stateful_pointer<preprocessor_state> self,
                                               std::shared_ptr<core::preprocessor> work,
                                               std::vector<inferencer_actor> inferencers) {
  self->state.work = std::move(work);
  self->state.inferencers = std::move(inferencers);
  return {
      [=](const raw_work& item) {
        auto& st = self->state;
        auto made = st.work->run(item.raw, item.sequence);
        if (!made) {
          self->send_exit(item.next, lane_failure(made.error().text()));
          return;
        }
        auto done = std::make_shared<core::batch>(*std::move(made));
        done->charge = item.charge;
        done->labels = item.labels;
        done->tick_ms = item.tick_ms;
        done->is_last = item.is_last;
        if (st.inferencers.empty()) {
          self->send(item.next, lane_item{item.sequence, std::move(done), nullptr, item.models});
        } else {
          const auto index = item.sequence % st.inferencers.size();
          self->send(st.inferencers[index], batch_work{std::move(done), item.next, item.models});
        }
      },
  };
}

} // namespace weir::actors
