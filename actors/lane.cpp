#include "actors/lane.hpp"

#include "actors/emitter.hpp"
#include "actors/operator_stage.hpp"
#include "actors/partition_reader.hpp"

namespace weir::actors {

namespace {

// Each stage takes the changes that carry its tag; it refuses none of its own.
core::result<void> restore(const config::operator_list& stages, const io::restored_state& state) {
  for (std::size_t i = 0; i < state.changes.size(); ++i) {
    const auto key = state.changes.key(i);
    const std::string_view value = state.changes.value(i);
    for (const auto& stage : stages)
      if (stage->tag() == static_cast<std::uint8_t>(key.front()))
        if (auto taken = stage->restore(key, &value); !taken)
          return taken;
  }
  return {};
}

} // namespace

core::result<lane> spawn_lane(node_actor::stateful_pointer<node_state> self, lane_start& start, std::uint64_t window) {
  auto& st = self->state;
  const auto& pipeline = *st.parts.pipeline;
  const auto& plan = *st.parts.plan;
  const auto partition = start.state.partition;
  const auto account = st.parts.display.registry->start(partition);

  auto before = plan.make_operators_before_inference();
  auto after = plan.make_operators_after_inference();
  for (const auto* stages : {&before, &after})
    if (auto taken = restore(*stages, start.state); !taken)
      return tl::unexpected{taken.error()};

  emitter_options out;
  out.partition = partition;
  if (const auto* kafka = std::get_if<config::kafka_source>(&pipeline.source.from))
    out.topic = kafka->topic;
  else
    out.topic = std::get<config::file_source>(pipeline.source.from).path;
  out.node_name = st.parts.self.name;
  out.repair = std::move(start.state.repair);
  out.output = {start.state.next, st.parts.backend->holds(), st.parts.backend->waits_for_sinks()};
  out.ledger = account.ledger;
  out.stats = account.stats;
  out.peer = st.peer;
  std::vector<std::shared_ptr<core::record_writer>> writers;
  for (std::size_t i = 0; i < st.outputs->sinks.size(); ++i)
    writers.push_back(plan.make_writer());

  lane made;
  made.emitter = self->spawn(emitter, std::move(writers), st.outputs, st.committer, std::move(out));
  made.all.push_back(caf::actor_cast<caf::actor>(made.emitter));
  lane_stage_actor first = made.emitter;
  if (!after.empty()) {
    first = self->spawn(operator_stage, std::move(after), std::vector<inferencer_actor>{}, first);
    made.all.push_back(caf::actor_cast<caf::actor>(first));
  }
  if (!before.empty()) {
    first = self->spawn(operator_stage, std::move(before), st.inferencers, first);
    made.all.push_back(caf::actor_cast<caf::actor>(first));
  }
  partition_reader_options in;
  in.partition = partition;
  in.from = start.state.next;
  in.batch = {pipeline.batch.records, pipeline.batch.bytes};
  in.window_bytes = made.window = window;
  in.ledger = account.ledger;
  in.stats = account.stats;
  made.reader =
      self->spawn(partition_reader, std::move(start.source), st.preprocessors, first, node_actor{self}, std::move(in));
  made.all.push_back(caf::actor_cast<caf::actor>(made.reader));
  self->send(made.emitter, made.reader);
  if (st.held)
    self->send(made.reader, pause_atom_v, true);
  for (auto& part : made.all)
    self->monitor(part);
  return made;
}

} // namespace weir::actors
