#include "actors/committer.hpp"

#include <spdlog/spdlog.h>

namespace weir::actors {

namespace {

using self_pointer = committer_actor::stateful_pointer<committer_state>;

/// Longest sleep of the committer: a bound for what a lost wake-up could cost.
constexpr auto longest_wait = std::chrono::milliseconds(250);

/// Between two producers that failed.
constexpr auto shortest_pause = std::chrono::milliseconds(100);
constexpr auto longest_pause = std::chrono::milliseconds(5000);

// To be called after all that may bring the protocol's deadline nearer. A tick that comes later than one that was sent
// after it finds that nothing is due, and is not renewed.
void schedule(self_pointer self) {
  auto& st = self->state;
  const auto now = self->clock().now();
  const auto due = std::clamp(st.protocol->deadline(), now, now + longest_wait);
  if (st.wake_at > now && st.wake_at <= due)
    return;
  st.wake_at = due;
  self->delayed_send(self, due - now, caf::tick_atom_v);
}

void say_trouble(committer_state& st) {
  auto trouble = st.backend->trouble();
  if (st.options.watch && trouble != st.trouble)
    st.options.watch->outputs_stuck(trouble);
  st.trouble = std::move(trouble);
}

void restart(self_pointer self, output_set_ptr outputs) {
  auto& st = self->state;
  st.protocol->restart(self->clock().now());
  if (!st.protocol->closed()) // else the node has been told to begin anew, with another producer
    self->send(st.commands.node, start_atom_v, std::move(outputs));
}

// A producer that is needed soon after the last one fails again and again (a full disk, a broker that restarts): the
// next one waits, longer each time.
void pause_before_the_next(committer_state& st, core::instant now) {
  const bool is_soon = now - st.renew_at < longest_pause;
  st.pause = is_soon ? std::clamp(2 * st.pause, shortest_pause, longest_pause) : std::chrono::milliseconds{0};
  st.renew_at = now + st.pause;
}

void start(self_pointer self) {
  auto& st = self->state;
  ++st.attempt;
  if (!st.protocol->closed()) {
    self->send(st.commands.node, start_atom_v, output_set_ptr{});
    return;
  }
  if (st.commands.renew) {
    if (const auto now = self->clock().now(); now < st.renew_at) {
      self->delayed_send(self, st.renew_at - now, start_atom_v, st.attempt);
      return;
    }
    auto outputs = st.backend->open();
    if (!outputs) {
      // Said once, and again now and then: a broker that is away for long must not fill the log.
      if (st.failures++ % 30 == 0)
        spdlog::warn("{}; trying again", outputs.error().text());
      self->delayed_send(self, st.options.retry, start_atom_v, st.attempt);
      return;
    }
    st.failures = 0;
    st.commands.renew = false;
    pause_before_the_next(st, self->clock().now());
    restart(self, *outputs);
    return;
  }
  restart(self, {});
}

} // namespace

void lane_commands::cut(core::partition_id partition, core::epoch at, bool last) {
  self->send(lanes[partition].reader, cut_atom_v, value_of(at), last);
}

void lane_commands::release(core::partition_id partition, core::epoch at, bool last) {
  self->send(lanes[partition].emitter, release_atom_v, value_of(at), last);
}

void lane_commands::rewind(bool with_new_producer) {
  renew = renew || with_new_producer;
  lanes.clear();
  self->send(node, rewind_atom_v);
}

void lane_commands::finished(bool complete, bool with_new_producer) {
  renew = renew || with_new_producer;
  lanes.clear();
  self->send(node, ended_atom_v, complete);
}

void lane_commands::fenced_again() {
  self->send(node, usurped_atom_v);
}

committer_actor::behavior_type committer(self_pointer self, std::shared_ptr<io::backend> backend, node_actor node,
                                         committer_options options) {
  auto& state = self->state;
  state.backend = std::move(backend);
  state.options = options;
  state.commands.self = self;
  state.commands.node = std::move(node);
  state.protocol = std::make_unique<core::commit_protocol>(*state.backend, state.commands, options.commit);
  schedule(self);
  return {
      [=](start_atom) {
        start(self);
        schedule(self);
      },
      [=](start_atom, std::uint64_t attempt) {
        if (attempt != self->state.attempt)
          return;
        start(self);
        schedule(self);
      },
      [=](lane_atom, std::int32_t partition, std::int64_t next, partition_reader_actor reader, emitter_actor emitter) {
        auto& st = self->state;
        const auto id = core::partition_id{partition};
        st.commands.lanes[id] = {std::move(reader), std::move(emitter)};
        st.protocol->add_lane(id, core::offset{next}, self->clock().now());
        schedule(self);
      },
      [=](arrive_atom, std::int32_t partition, std::uint64_t at) {
        self->state.protocol->arrived(core::partition_id{partition}, core::epoch{at}, self->clock().now());
        schedule(self);
      },
      [=](done_atom, std::int32_t partition, std::uint64_t at, std::int64_t next, bool changed) {
        self->state.protocol->done(core::partition_id{partition}, core::epoch{at}, core::offset{next}, changed,
                                   self->clock().now());
        schedule(self);
      },
      [=](failed_atom) {
        if (self->state.protocol->delivery_failed(self->clock().now()))
          spdlog::warn("an output could not be delivered: the records since the last commit are processed again");
        schedule(self);
      },
      [=](finish_atom, std::int64_t within_ms) {
        const auto now = self->clock().now();
        self->state.protocol->finish(now, now + std::chrono::milliseconds(within_ms));
        schedule(self);
      },
      [=](lose_atom) {
        self->state.protocol->lose(self->clock().now());
        schedule(self);
      },
      [=](hurry_atom) {
        self->state.protocol->hurry();
        schedule(self);
      },
      [=](caf::tick_atom) {
        self->state.protocol->tick(self->clock().now());
        say_trouble(self->state);
        schedule(self);
      },
  };
}

} // namespace weir::actors
