#include "actors/supervisor.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = supervisor_actor::stateful_pointer<supervisor_state>;

std::int64_t system_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
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

void evaluate(self_pointer self, const config::lane_plan& plan) {
  auto& st = self->state;
  const auto totals = core::totals_of(st.options.watch->lanes());
  std::map<std::string, double, std::less<>> values{
      {"engine.lag", static_cast<double>(totals.lag)},
      {"engine.dead_letters", static_cast<double>(totals.books.dead_lettered)},
      {"engine.stalled_lanes", static_cast<double>(st.options.watch->stalled().size())},
      {"engine.imbalance", static_cast<double>(totals.imbalance)}};
  for (std::size_t i = 0; i < plan.cluster->names().size(); ++i)
    values[plan.cluster->names()[i]] = (*plan.cluster)[i];
  core::record_block said;
  st.now_ms = std::max(st.now_ms, st.options.wall_clock());
  st.alerts->evaluate(values, st.now_ms, said);
  if (said.empty())
    return;
  const auto alert = std::make_shared<const core::record_block>(std::move(said));
  for (std::size_t sink = 0; sink < st.outputs->engine_alert_sinks.size(); ++sink)
    st.deliveries[st.next_delivery++] = {alert, sink, true};
}

void log_undelivered(const supervisor_state& st) {
  for (const auto& [number, delivery] : st.deliveries)
    for (std::size_t i = 0; i < delivery.alert->size(); ++i)
      spdlog::error("an alert could not be delivered before the end: {}", delivery.alert->value(i));
}

} // namespace

supervisor_actor::behavior_type supervisor(self_pointer self, std::shared_ptr<const config::lane_plan> plan,
                                           supervisor_options options) {
  auto& state = self->state;
  state.alerts.emplace(plan->make_engine_alerts());
  state.options = std::move(options);
  if (!state.options.wall_clock)
    state.options.wall_clock = system_ms;
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    log_undelivered(self->state);
    self->quit(msg.reason);
  });
  self->delayed_send(self, state.options.interval, caf::tick_atom_v);
  return {
      [=](const output_set_ptr& outputs) {
        auto& st = self->state;
        st.outputs = outputs;
        // Those of before may have gone down with their producer.
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
      },
      [=](caf::tick_atom) {
        auto& st = self->state;
        st.options.watch->look(self->clock().now());
        // Rules wait for the outputs: what is said before could reach nobody.
        if (st.outputs)
          evaluate(self, *plan);
        write_due(self);
        self->delayed_send(self, st.options.interval, caf::tick_atom_v);
      },
  };
}

} // namespace weir::actors
