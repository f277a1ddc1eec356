#include "actors/emitter.hpp"

#include "core/commit/marker.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace weir::actors {

namespace {

using self_pointer = emitter_actor::stateful_pointer<emitter_state>;

constexpr auto changelog_ticket = ~std::uint64_t{0};
constexpr auto opening_ticket = changelog_ticket - 1; // of no batch: only its failure is heard

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

io::delivered report_to(self_pointer self, std::uint64_t number) {
  auto handle = caf::actor_cast<caf::actor>(self);
  return [handle, number](bool ok) { caf::anon_send(handle, written_atom_v, number, ok); };
}

io::dead_letter letter_of(const core::batch& batch, core::row_index row, core::stage stage, std::string_view reason,
                          std::string_view topic) {
  const auto& raw = *batch.raw;
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
void write_outputs(self_pointer self, const core::batch& batch, std::uint64_t number,
                   std::vector<io::dead_letter>& letters, std::vector<io::refusal>& reasons) {
  auto& st = self->state;
  for (std::size_t i = 0; i < st.outputs->sinks.size(); ++i) {
    auto block = std::make_shared<core::record_block>();
    st.writers[i]->write(batch, *block);
    core::lane_stats::add(st.options.stats->bytes_out, block->bytes.size());
    for (auto& refusal : st.outputs->sinks[i]->write(std::move(block), batch.raw->partition, report_to(self, number)))
      if (std::none_of(reasons.begin(), reasons.end(), [&](const auto& r) { return r.index == refusal.index; }))
        reasons.push_back(std::move(refusal));
  }
  for (const auto& refusal : reasons)
    letters.push_back(
        letter_of(batch, batch.rows[refusal.index], core::stage::produce, refusal.reason, st.options.topic));
}

void return_credit(self_pointer self, std::uint64_t charge) {
  self->send(self->state.reader, credit_atom_v, charge);
}

// See marker::opening_key.
void open_transaction(self_pointer self) {
  auto& st = self->state;
  auto opening = std::make_shared<core::record_block>();
  opening->append(core::marker::opening_key, st.options.node_name);
  st.outputs->changelog->write(std::move(opening), st.options.partition, report_to(self, opening_ticket));
}

void emit(self_pointer self, const core::batch_ptr& batch) {
  auto& st = self->state;
  const bool transactional = st.options.hold && !st.options.wait_for_sinks;
  if (transactional && st.running.records == 0)
    open_transaction(self);
  const auto number = st.next_ticket++;
  const bool outputs = !batch->rows.empty();
  const bool alerts = batch->alerts && !batch->alerts->empty();
  std::vector<io::dead_letter> letters;
  std::vector<io::refusal> reasons;
  for (const auto& rejection : batch->rejected)
    letters.push_back(letter_of(*batch, rejection.row, rejection.stage, rejection.reason, st.options.topic));

  // The parts are counted before the first write: sinks may report at once, but only by a message.
  auto& entry = st.tickets[number];
  entry.charge = batch->charge;
  if (outputs) {
    entry.parts += st.outputs->sinks.size();
    write_outputs(self, *batch, number, letters, reasons);
  }
  if (alerts)
    for (const auto& sink : st.outputs->alert_sinks) {
      ++entry.parts;
      for (const auto& refusal : sink->write(batch->alerts, batch->raw->partition, report_to(self, number)))
        spdlog::error("an alert was refused ({}): {}", refusal.reason, batch->alerts->value(refusal.index));
    }
  if (!letters.empty()) {
    ++entry.parts;
    entry.batch = batch;
    st.outputs->dead_letters->write(letters, report_to(self, number));
  }
  st.running.records += batch->raw->size();
  st.running.emitted += batch->rows.size() - reasons.size();
  st.running.filtered += batch->filtered;
  st.running.dead_lettered += letters.size();
  st.options.stats->on_emitted(*batch, letters.size(), now_ms());
  if (entry.parts == 0) {
    return_credit(self, entry.charge);
    st.tickets.erase(number);
  }
}

void report_done(self_pointer self) {
  auto& st = self->state;
  const auto mark = std::exchange(st.waiting, nullptr);
  const bool changed = mark->next != st.committed;
  st.next = mark->next;
  st.panes = std::move(mark->panes);
  st.cut = std::exchange(st.running, {});
  self->send(st.committer, done_atom_v, value_of(st.options.partition), value_of(mark->at), value_of(mark->next),
             changed);
}

void write_changes(self_pointer self) {
  auto& st = self->state;
  auto& mark = *st.waiting;
  if (mark.next == st.committed) { // nothing has come since the last commit, so nothing can have changed
    report_done(self);
    return;
  }
  const core::marker marker{st.options.partition, mark.at, mark.next, st.options.node_name};
  mark.changes.append(core::marker::key, marker.encode());
  if (auto repair = std::exchange(st.options.repair, {}); !repair.empty()) {
    repair.append_all(mark.changes);
    mark.changes = std::move(repair);
  }
  auto changes = std::make_shared<core::record_block>(std::move(mark.changes));
  st.changelog_out = st.options.wait_for_sinks;
  st.outputs->changelog->write(std::move(changes), st.options.partition, report_to(self, changelog_ticket));
  if (!st.changelog_out)
    report_done(self);
}

bool sinks_are_through(const emitter_state& st) {
  return st.tickets.empty() || st.tickets.begin()->first >= st.waiting_below;
}

void handle(self_pointer self, lane_item item) {
  auto& st = self->state;
  if (st.ended)
    return;
  if (!st.open) {
    st.held.push_back(std::move(item));
    return;
  }
  if (item.batch) {
    emit(self, item.batch);
    return;
  }
  st.waiting = std::move(item.barrier);
  st.options.stats->on_barrier(st.waiting->counts);
  st.waiting_below = st.next_ticket;
  st.open = !st.options.hold;
  if (!st.options.wait_for_sinks || sinks_are_through(st))
    write_changes(self);
}

void release(self_pointer self, bool last) {
  auto& st = self->state;
  st.options.ledger->settle(st.cut.records, st.cut.emitted, st.cut.filtered, st.cut.dead_lettered);
  st.cut = {};
  st.committed = st.next;
  if (!st.panes.empty() && st.options.peer)
    self->send(st.options.peer, panes_atom_v, std::exchange(st.panes, {}));
  core::lane_stats::set(st.options.stats->committed, value_of(st.next));
  st.ended = last;
  st.open = true;
  auto held = std::exchange(st.held, {});
  for (auto& item : held)
    handle(self, std::move(item));
}

void written(self_pointer self, std::uint64_t number, bool ok) {
  auto& st = self->state;
  if (!ok) {
    self->send(st.committer, failed_atom_v);
    return;
  }
  if (number == changelog_ticket) {
    if (std::exchange(st.changelog_out, false))
      report_done(self);
    return;
  }
  auto found = st.tickets.find(number);
  if (found == st.tickets.end() || --found->second.parts > 0)
    return;
  return_credit(self, found->second.charge);
  st.tickets.erase(found);
  if (st.waiting && !st.changelog_out && st.options.wait_for_sinks && sinks_are_through(st))
    write_changes(self);
}

} // namespace

emitter_actor::behavior_type emitter(self_pointer self, std::vector<std::shared_ptr<core::record_writer>> writers,
                                     output_set_ptr outputs, committer_actor committer, emitter_options options) {
  auto& state = self->state;
  state.writers = std::move(writers);
  state.outputs = std::move(outputs);
  state.committer = std::move(committer);
  state.committed = state.next = options.from;
  core::lane_stats::set(options.stats->committed, value_of(options.from));
  state.options = std::move(options);
  return {
      [=](const lane_item& item) {
        self->state.order.push(item.sequence, item, [=](lane_item in_turn) { handle(self, std::move(in_turn)); });
      },
      [=](partition_reader_actor reader) { self->state.reader = std::move(reader); },
      [=](release_atom, std::uint64_t, bool last) { release(self, last); },
      [=](written_atom, std::uint64_t number, bool ok) { written(self, number, ok); },
  };
}

} // namespace weir::actors
