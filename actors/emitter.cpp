#include "actors/emitter.hpp"

#include "actors/lane_failure.hpp"
#include "core/base/wall_clock.hpp"
#include "core/commit/marker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace weir::actors {

namespace {

using self_pointer = emitter_actor::stateful_pointer<emitter_state>;

constexpr auto changelog_ticket = ~std::uint64_t{0};
constexpr auto opening_ticket = changelog_ticket - 1; // of no batch: only its failure is heard

io::delivered report_to(emitter_actor::pointer self, std::uint64_t number) {
  auto handle = caf::actor_cast<caf::actor>(self);
  return [handle, number](bool ok) { caf::anon_send(handle, written_atom_v, number, ok); };
}

io::dead_letter letter_of(const core::raw_block& raw, core::row_index row, core::stage stage, std::string_view reason,
                          std::string_view topic) {
  return {raw.key(row),
          raw.value(row),
          raw.has_key(row),
          raw.has_value(row),
          topic,
          raw.partition,
          core::offset{raw.offsets[row]},
          raw.timestamps[row],
          core::to_string(stage),
          reason};
}

// A record that one of the sinks refuses has been emitted to the others; it counts as dead-lettered, once.
void write_outputs(output_commands& lane, const core::batch& batch, std::uint64_t number,
                   std::vector<io::dead_letter>& letters, std::vector<io::refusal>& reasons) {
  for (std::size_t i = 0; i < lane.outputs->sinks.size(); ++i) {
    auto block = std::make_shared<core::record_block>();
    lane.writers[i]->write(batch, *block);
    core::lane_stats::add(lane.options.stats->bytes_out, block->bytes.size());
    auto refused = lane.outputs->sinks[i]->write(std::move(block), batch.raw->partition, report_to(lane.self, number));
    for (auto& refusal : refused)
      if (std::none_of(reasons.begin(), reasons.end(), [&](const auto& r) { return r.index == refusal.index; }))
        reasons.push_back(std::move(refusal));
  }
  for (const auto& refusal : reasons)
    letters.push_back(
        letter_of(*batch.raw, batch.rows[refusal.index], core::stage::produce, refusal.reason, lane.options.topic));
}

void write_alerts(const output_commands& lane, const core::batch& batch, std::uint64_t number) {
  for (const auto& sink : lane.outputs->alert_sinks)
    for (const auto& refusal : sink->write(batch.alerts, batch.raw->partition, report_to(lane.self, number)))
      spdlog::error("an alert was refused ({}): {}", refusal.reason, batch.alerts->value(refusal.index));
}

void written(emitter_state& st, std::uint64_t number, bool ok) {
  if (number == changelog_ticket)
    st.output->changes_written(ok);
  else
    st.output->written(number, ok);
}

/// A tick that nobody had anything to say to.
bool is_idle(const core::batch& batch) {
  return batch.tick_ms && (!batch.alerts || batch.alerts->empty());
}

void take(emitter_state& st, lane_item item) {
  if (item.batch && is_idle(*item.batch)) {
    st.commands.self->send(st.commands.reader, credit_atom_v, item.batch->charge);
  } else if (item.batch) {
    st.output->take(std::move(item.batch));
  } else {
    const auto at = item.barrier->at;
    const auto next = item.barrier->next;
    const auto moved = item.barrier->moved;
    st.output->take(std::move(item.barrier), at, next, moved);
  }
}

} // namespace

// See marker::opening_key.
void output_commands::begin_transaction() {
  auto opening = std::make_shared<core::record_block>();
  opening->append(core::marker::opening_key, options.node_name);
  outputs->changelog->write(std::move(opening), options.partition, report_to(self, opening_ticket));
}

core::written_batch output_commands::write(const core::batch_ptr& batch, std::uint64_t number) {
  core::written_batch out;
  std::vector<io::dead_letter> letters;
  std::vector<io::refusal> reasons;
  batch->for_each_rejection([&](const core::raw_block& raw, const core::rejection& rejection) {
    ++out.counts.dead_by[core::dead_letter_reason_of(rejection.stage, rejection.reason)];
    letters.push_back(letter_of(raw, rejection.row, rejection.stage, rejection.reason, options.topic));
  });
  auto& entry = tickets[number];
  entry.charge = batch->charge;
  if (!batch->rows.empty()) {
    out.parts += outputs->sinks.size();
    write_outputs(*this, *batch, number, letters, reasons);
  }
  if (batch->alerts && !batch->alerts->empty()) {
    out.parts += outputs->alert_sinks.size();
    write_alerts(*this, *batch, number);
  }
  const auto records_refused = letters.size();
  for (const auto& label : batch->refused_labels) // no records of the lane: the ledger has none of them
    letters.push_back(letter_of(*label.block, label.why.row, label.why.stage, label.why.reason, options.labels_topic));
  if (!letters.empty()) {
    ++out.parts;
    entry.batch = batch;
    outputs->dead_letters->write(letters, report_to(self, number));
  }
  for (const auto& refusal : reasons)
    ++out.counts.dead_by[core::dead_letter_reason_of(core::stage::produce, refusal.reason)];
  out.counts.records = {.received = batch->records_read(),
                        .made = batch->records_made(),
                        .emitted = batch->rows.size() - reasons.size(),
                        .filtered = batch->filtered,
                        .windowed = 0,
                        .dead_lettered = records_refused};
  for (const auto& block : batch->taken) {
    out.counts.records.filtered += block->filtered;
    out.counts.records.windowed += block->taken;
  }
  options.stats->on_emitted(*batch, records_refused, core::now_ms());
  return out;
}

void output_commands::through(std::uint64_t number) {
  const auto found = tickets.find(number);
  self->send(reader, credit_atom_v, found->second.charge);
  tickets.erase(found);
}

void output_commands::write_changes(barrier_ptr& mark, core::epoch at, core::offset next) {
  const core::marker marker{options.partition, at, next, options.node_name};
  mark->changes.append(core::marker::key, marker.encode());
  const auto changes = std::make_shared<core::record_block>(std::move(mark->changes));
  const auto refused = outputs->changelog->write(changes, options.partition, report_to(self, changelog_ticket));
  if (!refused.empty())
    self->quit(lane_failure(options.describe_state(changes->key(refused.front().index))
                            + " cannot be written: " + refused.front().reason));
}

void output_commands::arrived(core::epoch at) {
  self->send(committer, arrive_atom_v, value_of(options.partition), value_of(at));
}

void output_commands::done(barrier_ptr mark, core::epoch at, core::offset next, bool changed) {
  options.stats->on_barrier(mark->counts);
  panes = std::move(mark->panes);
  windows = std::move(mark->windows);
  self->send(committer, done_atom_v, value_of(options.partition), value_of(at), value_of(next), changed);
}

void output_commands::failed() {
  self->send(committer, failed_atom_v);
}

void output_commands::committed(core::offset next, const core::epoch_counts& counts) {
  options.ledger->settle(counts.records);
  for (std::size_t i = 0; i < counts.dead_by.size(); ++i)
    core::lane_stats::add(options.stats->dead_by[i], counts.dead_by[i]);
  if (!panes.empty() && options.peer)
    self->send(options.peer, panes_atom_v, std::exchange(panes, {}));
  for (auto& update : std::exchange(windows, {}))
    if (options.peer)
      self->send(options.peer, drift_atom_v, std::move(update));
  core::lane_stats::set(options.stats->committed, value_of(next));
}

emitter_actor::behavior_type emitter(self_pointer self, std::vector<std::shared_ptr<core::record_writer>> writers,
                                     output_set_ptr outputs, committer_actor committer, emitter_options options) {
  auto& st = self->state;
  st.output.emplace(st.commands, options.output);
  core::lane_stats::set(options.stats->committed, value_of(options.output.from));
  st.commands.self = self;
  st.commands.writers = std::move(writers);
  st.commands.outputs = std::move(outputs);
  st.commands.committer = std::move(committer);
  st.commands.options = std::move(options);
  return {
      [=](const lane_item& item) {
        self->state.order.push(item.sequence, item, [=](lane_item in_turn) { take(self->state, std::move(in_turn)); });
      },
      [=](partition_reader_actor reader) { self->state.commands.reader = std::move(reader); },
      [=](release_atom, std::uint64_t, bool last) { self->state.output->release(last); },
      [=](written_atom, std::uint64_t number, bool ok) { written(self->state, number, ok); },
  };
}

} // namespace weir::actors
