#include "actors/supervisor.hpp"

#include "core/base/wall_clock.hpp"
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = supervisor_actor::stateful_pointer<supervisor_state>;

bool has_begun(self_pointer self) {
  auto& st = self->state;
  return st.pipeline->has_adopted() || self->clock().now() >= st.begin_at;
}

void write_due(self_pointer self) {
  auto& st = self->state;
  if (!st.outputs)
    return;
  const auto handle = caf::actor_cast<caf::actor>(self);
  for (auto at = st.deliveries.begin(); at != st.deliveries.end();) {
    auto& [number, delivery] = *at;
    if (delivery.sink >= st.outputs->engine_alert_sinks.size()) {
      at = st.deliveries.erase(at);
      continue;
    }
    if (std::exchange(delivery.is_due, false)) {
      const auto refused = st.outputs->engine_alert_sinks[delivery.sink]->write(
          delivery.alert, core::partition_id{0},
          [handle, ticket = number](bool ok) { caf::anon_send(handle, written_atom_v, ticket, ok); });
      for (const auto& refusal : refused)
        spdlog::error("an alert was refused ({}): {}", refusal.reason, delivery.alert->value(refusal.index));
    }
    ++at;
  }
}

// Rules wait for the outputs: what is said before could reach nobody.
void look(self_pointer self) {
  auto& st = self->state;
  if (!st.outputs || !has_begun(self))
    return;
  core::record_block said;
  st.now_ms = std::max(st.now_ms, st.options.wall_clock());
  st.pipeline->look(self->clock().now(), st.now_ms, said);
  if (!said.empty()) {
    const auto alert = std::make_shared<const core::record_block>(std::move(said));
    for (std::size_t sink = 0; sink < st.outputs->engine_alert_sinks.size(); ++sink)
      st.deliveries[st.next_delivery++] = {alert, sink, true};
  }
  if (st.deliveries.empty())
    st.pipeline->delivered();
  write_due(self);
}

void tell(self_pointer self) {
  if (has_begun(self))
    self->send(self->state.audience, frame_atom_v, core::encode(self->state.pipeline->view(self->clock().now())));
}

// Lanes hear at once that a window is over: the next one begins with what they read then.
void look_at_drift(self_pointer self) {
  auto& st = self->state;
  if (has_begun(self) && st.pipeline->look_at_drift(self->clock().now(), std::max(st.now_ms, st.options.wall_clock())))
    tell(self);
}

void hear(self_pointer self, const std::string& bytes) {
  auto& st = self->state;
  const auto refuse = [](const core::error& why) { spdlog::warn("supervisor: {}", why.text()); };
  const auto frame = core::open_frame(bytes);
  if (!frame)
    return refuse(frame.error());
  switch (frame->kind) {
  case core::frame_kind::report:
    if (auto report = core::decode_report(frame->content))
      st.pipeline->hear(*std::move(report), self->clock().now());
    else
      refuse(report.error());
    break;
  case core::frame_kind::panes:
    if (const auto update = core::decode_pane_update(frame->content))
      st.pipeline->hear(*update);
    else
      refuse(update.error());
    break;
  case core::frame_kind::drift:
    if (const auto update = core::decode_drift_update(frame->content)) {
      st.pipeline->hear(*update);
      look_at_drift(self);
    } else {
      refuse(update.error());
    }
    break;
  case core::frame_kind::request:
    if (const auto requested = core::decode_request(frame->content)) {
      st.pipeline->hear(*requested);
      tell(self);
    } else {
      refuse(requested.error());
    }
    break;
  case core::frame_kind::wish:
    if (const auto wish = core::decode_wish(frame->content)) {
      st.pipeline->hear(*wish, self->clock().now());
      tell(self);
    } else {
      refuse(wish.error());
    }
    break;
  case core::frame_kind::view: // what a node has heard last, of a predecessor
    if (const auto view = core::decode_view(frame->content); !view)
      refuse(view.error());
    else if (self->clock().now() < st.begin_at)
      st.pipeline->adopt(*view, self->clock().now());
    break;
  }
}

void log_undelivered(const supervisor_state& st) {
  for (const auto& [number, delivery] : st.deliveries)
    for (std::size_t i = 0; i < delivery.alert->size(); ++i)
      spdlog::error("an alert could not be delivered before the end: {}", delivery.alert->value(i));
}

void end_when_delivered(self_pointer self) {
  auto& st = self->state;
  if (!st.end_by || (!st.deliveries.empty() && self->clock().now() < *st.end_by))
    return;
  log_undelivered(st);
  self->quit();
}

} // namespace

supervisor_actor::behavior_type supervisor(self_pointer self, std::shared_ptr<const config::lane_plan> plan,
                                           frame_actor audience, supervisor_options options) {
  auto& state = self->state;
  state.audience = std::move(audience);
  state.options = std::move(options);
  state.pipeline.emplace(plan->cluster_aggregates, plan->make_engine_alerts(), state.options.supervision);
  state.begin_at = self->clock().now() + state.options.grace;
  if (state.options.predecessor)
    state.pipeline->adopt(*state.options.predecessor, self->clock().now());
  if (!state.options.wall_clock)
    state.options.wall_clock = core::now_ms;
  self->monitor(state.audience);
  self->set_down_handler([self](const caf::down_msg& msg) {
    log_undelivered(self->state);
    self->quit(msg.reason);
  });
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    log_undelivered(self->state);
    self->quit(msg.reason);
  });
  self->delayed_send(self, state.options.interval, caf::tick_atom_v);
  return {
      [=](const output_set_ptr& outputs) {
        auto& st = self->state;
        st.outputs = outputs;
        // The older ones may have gone down with their producer.
        for (auto& [number, delivery] : st.deliveries)
          delivery.is_due = true;
        write_due(self);
      },
      [=](written_atom, std::uint64_t number, bool ok) {
        auto& st = self->state;
        if (ok)
          st.deliveries.erase(number);
        else if (auto found = st.deliveries.find(number); found != st.deliveries.end())
          found->second.is_due = true; // at the next tick
        end_when_delivered(self);
      },
      [=](frame_atom, const std::string& bytes) { hear(self, bytes); },
      [=](finish_atom) {
        auto& st = self->state;
        look(self);
        tell(self);
        st.end_by = self->clock().now() + st.options.last_delivery;
        end_when_delivered(self);
      },
      [=](caf::tick_atom) {
        look(self);
        tell(self);
        end_when_delivered(self);
        self->delayed_send(self, self->state.options.interval, caf::tick_atom_v);
      },
  };
}

} // namespace weir::actors
