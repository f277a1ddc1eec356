#include "actors/partition_reader.hpp"

#include "core/base/wall_clock.hpp"
#include "core/batch/block_from.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = partition_reader_actor::stateful_pointer<partition_reader_state>;

void show_in_flight(const partition_reader_state& st) {
  core::lane_stats::set(st.options.stats->bytes_in_flight, static_cast<std::int64_t>(st.credit.in_flight()));
}

/// A block of no records may carry labels, or be a tick.
void send_block(self_pointer self, core::raw_block_ptr block, std::optional<std::int64_t> tick_ms = {},
                bool is_last = false) {
  auto& st = self->state;
  auto charge = block->footprint();
  const auto records = block->size();
  if (records > 0) {
    st.next = core::offset{block->offsets.back() + 1};
    st.options.ledger->receive(records);
    st.options.stats->on_read(records, block->text.size(), block->offsets.back(), st.source->high_watermark());
  }
  raw_work work{st.sequence++, std::move(block), 0, st.first, st.options.models, {}, tick_ms, is_last};
  if (auto* labels = st.options.labels.get()) {
    charge += labels->bytes();
    core::lane_stats::add(st.options.stats->labels, labels->records());
    work.labels = labels->take();
  }
  work.charge = charge;
  st.credit.take(charge);
  show_in_flight(st);
  const auto index =
      (work.sequence + static_cast<std::uint64_t>(value_of(st.options.partition))) % st.preprocessors.size();
  self->send(st.preprocessors[index], std::move(work));
}

core::raw_block_ptr no_records(core::partition_id of) {
  auto block = std::make_shared<core::raw_block>();
  block->partition = of;
  block->seal();
  return block;
}

// A client that finds its place out of the log's range goes back to the log's beginning. The lane's state has those
// records already.
core::raw_block_ptr without_what_was_read(partition_reader_state& st, core::raw_block_ptr block) {
  const core::offset first{block->offsets.front()};
  if (first < st.next && !st.is_behind)
    spdlog::warn("partition {}: the client went back from offset {} to {}; what the state has already is skipped",
                 value_of(st.options.partition), value_of(st.next), value_of(first));
  st.is_behind = first < st.next;
  return core::block_from(std::move(block), st.next);
}

std::optional<core::error> failure_of(const partition_reader_state& st) {
  auto failure = st.source->failure();
  return failure || !st.options.labels ? failure : st.options.labels->failure();
}

// One block a message: so credit, barriers and the other lanes' work come in between.
void read_while_open(self_pointer self) {
  auto& st = self->state;
  if (st.paused || st.ended || !st.credit.open())
    return;
  if (st.options.labels)
    st.options.labels->read(st.options.batch);
  auto block = st.source->read(st.options.batch);
  core::lane_stats::set(st.options.stats->end_reached, st.source->end_reached());
  if (block) {
    if (auto unread = without_what_was_read(st, std::move(block)))
      send_block(self, std::move(unread));
    self->send(self, ready_atom_v);
  } else if (st.options.labels && !st.options.labels->empty()) {
    send_block(self, no_records(st.options.partition));
    self->send(self, ready_atom_v);
  } else if (const auto failure = failure_of(st)) {
    self->quit(caf::make_error(caf::sec::runtime_error, failure->text()));
  } else if (st.source->exhausted() && !st.told_end) {
    st.told_end = true;
    if (st.options.tick_ms > 0)
      send_block(self, no_records(st.options.partition), 0, true);
    self->send(st.node, eof_atom_v, value_of(st.options.partition));
  }
}

bool is_idle(const partition_reader_state& st) {
  return !st.paused && !st.ended && st.credit.open() && st.credit.in_flight() == 0
         && core::offset{st.source->end_reached()} >= st.next;
}

void tick(self_pointer self) {
  auto& st = self->state;
  if (st.ended)
    return;
  self->delayed_send(self, std::chrono::milliseconds{st.options.tick_ms}, caf::tick_atom_v);
  read_while_open(self); // what has come is in front of it
  if (is_idle(st))
    send_block(self, no_records(st.options.partition), st.options.wall_clock());
}

/// What is read behind this barrier is scored with other models: the lane's state says so, from here on.
void change_models(partition_reader_state& st, barrier& mark) {
  if (!st.next_models)
    return;
  st.options.models = std::exchange(st.next_models, nullptr);
  const auto& choice = st.options.models->choice();
  mark.changes.append(core::model_choice_key, core::encode_model_choice(choice));
  core::lane_stats::set(st.options.stats->model_choice, static_cast<std::int64_t>(choice.number));
  core::lane_stats::set(st.options.stats->model_choice_from, value_of(mark.next));
}

} // namespace

partition_reader_actor::behavior_type partition_reader(self_pointer self, std::shared_ptr<io::record_source> source,
                                                       std::vector<preprocessor_actor> preprocessors,
                                                       lane_stage_actor first, node_actor node,
                                                       partition_reader_options options) {
  auto& state = self->state;
  state.source = std::move(source);
  state.preprocessors = std::move(preprocessors);
  state.first = std::move(first);
  state.node = std::move(node);
  state.credit.resize(options.window_bytes);
  state.next = options.from;
  state.options = std::move(options);
  auto handle = partition_reader_actor{self};
  if (!state.options.wall_clock)
    state.options.wall_clock = core::now_ms;
  if (state.options.tick_ms > 0)
    self->delayed_send(self, std::chrono::milliseconds{state.options.tick_ms}, caf::tick_atom_v);
  const auto wake_up = [handle] { caf::anon_send(handle, ready_atom_v); };
  state.source->on_ready(wake_up);
  if (state.options.labels)
    state.options.labels->on_ready(wake_up);
  return {
      [=](ready_atom) { read_while_open(self); },
      [=](credit_atom, std::uint64_t bytes) {
        const bool was_open = self->state.credit.open();
        if (!self->state.credit.give_back(bytes)) {
          self->quit(caf::sec::invalid_argument);
          return;
        }
        show_in_flight(self->state);
        if (!was_open)
          read_while_open(self);
      },
      [=](window_atom, std::uint64_t bytes) {
        self->state.credit.resize(bytes);
        read_while_open(self);
      },
      [=](const model_set_ptr& models) {
        auto& st = self->state;
        st.next_models = models->choice().number == st.options.models->choice().number ? nullptr : models;
      },
      [=](pause_atom, bool on) {
        self->state.paused = on;
        read_while_open(self);
      },
      [=](caf::tick_atom) { tick(self); },
      [=](cut_atom, std::uint64_t at, bool last) {
        auto& st = self->state;
        if (st.ended)
          return;
        st.ended = last;
        // Behind the last record may stand what nobody is to read, the marks of transactions: with them in the offset,
        // a log from which retention has removed everything has lost nothing.
        st.next = std::max(st.next, core::offset{st.source->end_reached()});
        auto mark = std::make_shared<barrier>();
        mark->partition = st.options.partition;
        mark->at = core::epoch{at};
        mark->next = st.next;
        mark->last = last;
        if (!last)
          change_models(st, *mark);
        if (st.options.labels)
          mark->moved = st.options.labels->note(mark->changes);
        self->send(st.first, lane_item{st.sequence++, nullptr, std::move(mark)});
      },
  };
}

} // namespace weir::actors
