#include "actors/lane.hpp"

#include "actors/emitter.hpp"
#include "actors/operator_stage.hpp"
#include "actors/partition_reader.hpp"

namespace weir::actors {

namespace {

/// From where the lane's state has come in them; null: there are none.
core::result<std::shared_ptr<io::label_reader>> open_labels(const node_parts& parts, core::partition_id partition,
                                                            const core::record_block& state) {
  const auto* source = parts.group();
  if (source == nullptr || !source->labels)
    return nullptr;
  auto& topic = *source->labels;
  const auto from = core::find_label_place(state, topic.name());
  if (!from)
    return tl::unexpected{from.error()};
  auto labels = topic.open(partition, *from);
  if (auto failure = labels->failure())
    return tl::unexpected{*std::move(failure)};
  return std::make_shared<io::label_reader>(topic.name(), std::move(labels));
}

} // namespace

core::result<lane> spawn_lane(node_actor::stateful_pointer<node_state> self, lane_start& start, std::uint64_t window) {
  auto& st = self->state;
  const auto& pipeline = *st.parts.pipeline;
  const auto& plan = *st.parts.plan;
  const auto partition = start.state.partition;
  const auto account = st.parts.display.registry->start(partition);
  core::lane_stats::add(account.stats->lost, start.lost);

  auto stages = plan.make_operators(st.parts.state_bytes);
  operator_list all;
  for (const auto& operators : stages)
    all.insert(all.end(), operators.begin(), operators.end());
  if (auto taken = core::restore_operators(all, start.state.changes); !taken)
    return tl::unexpected{taken.error()};

  const auto models = st.models->restore(start.state.changes);
  if (!models)
    return tl::unexpected{models.error()};

  auto labels = open_labels(st.parts, partition, start.state.changes);
  if (!labels)
    return tl::unexpected{labels.error()};

  emitter_options out;
  out.partition = partition;
  out.topic = pipeline.source.from->name();
  out.labels_topic = plan.labels_topic;
  out.node_name = st.parts.self.name;
  out.output = {start.state.next, st.parts.input.backend->rule()};
  out.describe_state = [all](std::string_view key) { return core::describe_state(all, key); };
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
  for (auto i = stages.size(); i-- > 0;) {
    if (stages[i].empty()) // the first, whose batches come from the preprocessors, or the last
      continue;
    const auto inferencers = plan.stages[i].pooled.empty() ? std::vector<inferencer_actor>{} : st.inferencers;
    first = self->spawn(operator_stage, std::move(stages[i]), inferencers, first, i);
    made.all.push_back(caf::actor_cast<caf::actor>(first));
  }
  partition_reader_options in;
  in.partition = partition;
  in.from = start.state.next;
  in.batch = {pipeline.batch.records, pipeline.batch.bytes};
  in.window_bytes = made.window = window;
  in.models = *models;
  in.labels = std::move(*labels);
  in.tick_ms = plan.tick_ms();
  in.ledger = account.ledger;
  in.stats = account.stats;
  made.reader =
      self->spawn(partition_reader, std::move(start.source), st.preprocessors, first, node_actor{self}, std::move(in));
  made.all.push_back(caf::actor_cast<caf::actor>(made.reader));
  self->send(made.emitter, made.reader);
  if (st.held)
    self->send(made.reader, pause_atom_v, true);
  core::lane_stats::set(account.stats->model_choice, static_cast<std::int64_t>((*models)->choice().number));
  self->send(made.reader, st.models->current());
  for (auto& part : made.all)
    self->monitor(part);
  return made;
}

} // namespace weir::actors
