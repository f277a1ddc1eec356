#include "actors/node.hpp"

#include "actors/committer.hpp"
#include "actors/consumer.hpp"
#include "actors/inferencer.hpp"
#include "actors/lane.hpp"
#include "actors/peer.hpp"
#include "actors/preprocessor.hpp"

#include "core/cluster/credit_policy.hpp"

#include <spdlog/spdlog.h>

#include <random>

namespace weir::actors {

namespace {

using self_pointer = node_actor::stateful_pointer<node_state>;
using ending = node_state::ending;

/// Long enough for any finite rest; a second signal ends the process anyway.
constexpr std::int64_t finite_source_timeout_ms = 24LL * 3600 * 1000;

const config::pipeline& pipeline_of(self_pointer self) {
  return *self->state.parts.pipeline;
}

void spawn_pools(self_pointer self) {
  auto& st = self->state;
  const auto& plan = *st.parts.plan;
  if (!plan.scorers.empty())
    for (std::size_t i = 0; i < st.parts.parallelism; ++i)
      st.inferencers.push_back(self->spawn(inferencer, plan.scorers));
  const bool windows_first = plan.before_inference && !plan.before_inference->empty();
  const auto after_preprocessing = windows_first ? std::vector<inferencer_actor>{} : st.inferencers;
  const auto header = st.feed ? st.feed->header() : std::vector<std::string>{};
  for (std::size_t i = 0; i < st.parts.parallelism; ++i)
    st.preprocessors.push_back(self->spawn(
        preprocessor, std::shared_ptr<core::preprocessor>{plan.make_preprocessor(header)}, after_preprocessing));
}

void spawn_committer(self_pointer self) {
  auto& st = self->state;
  const auto& settings = pipeline_of(self).commit;
  committer_options options;
  options.commit.interval = settings.interval;
  // Without a transaction nothing is gained by giving up on a slow sink before its own time-out.
  options.commit.lane_timeout = st.parts.backend->waits_for_sinks()
                                    ? std::max(settings.timeout, std::chrono::milliseconds{330'000})
                                    : settings.timeout;
  st.committer = st.parts.own_thread
                     ? self->spawn<caf::detached>(committer, st.parts.backend, node_actor{self}, options)
                     : self->spawn(committer, st.parts.backend, node_actor{self}, options);
  self->monitor(st.committer);
}

void spawn_consumer(self_pointer self) {
  auto& st = self->state;
  consumer_options options;
  options.topic = std::get<config::kafka_source>(pipeline_of(self).source.from).topic;
  options.rule = st.parts.backend->waits_for_sinks() ? core::origin_rule::state_counts : core::origin_rule::must_agree;
  options.registry = st.parts.registry;
  options.watch = st.parts.watch;
  st.consumer = self->spawn<caf::detached>(consumer, st.parts.group, st.parts.states, node_actor{self}, options);
}

void spawn_peer(self_pointer self) {
  auto& st = self->state;
  peer_options options;
  options.self.node = st.parts.name;
  options.self.incarnation = std::random_device{}() + (std::uint64_t{std::random_device{}()} << 32);
  options.self.url = st.parts.url;
  options.self.credit_bytes = st.parts.credit_bytes;
  options.watch = st.parts.watch;
  options.board = st.parts.board;
  options.plan = st.parts.plan;
  options.control = st.parts.control;
  if (options.control)
    options.transport = over_middleman(self->home_system(), st.parts.listen_port);
  st.peer = self->spawn(peer, node_actor{self}, options);
  self->monitor(st.peer);
}

/// Credit of a lane as long as nobody says otherwise.
std::uint64_t even_share(const node_state& st, std::size_t lanes) {
  return core::share_credit(st.parts.credit_bytes, std::vector<core::lane_need>(lanes)).front();
}

void set_window(self_pointer self, lane& member, std::uint64_t bytes) {
  if (std::exchange(member.window, bytes) != bytes)
    self->send(member.reader, window_atom_v, bytes);
}

void end(self_pointer self) {
  auto& st = self->state;
  self->send_exit(st.committer, caf::exit_reason::user_shutdown);
  for (auto& worker : st.preprocessors)
    self->send_exit(worker, caf::exit_reason::user_shutdown);
  for (auto& worker : st.inferencers)
    self->send_exit(worker, caf::exit_reason::user_shutdown);
  if (st.feed)
    st.feed->stop();
  // A finite source that is done leaves nothing to go on from.
  if (st.parts.store && st.outcome->exhausted && st.outcome->complete)
    if (auto cleared = st.parts.store->clear(); !cleared)
      spdlog::warn("{}", cleared.error().text());
  st.outcome->ended = true;
  self->quit();
}

// The peer ends before the committer: a supervisor that lives here needs the outputs for its last alerts.
void shut_down(self_pointer self) {
  auto& st = self->state;
  st.stopping = true;
  if (std::exchange(st.shutting_down, true))
    return;
  if (st.consumer)
    self->send(st.consumer, down_atom_v);
  if (st.peer)
    self->send(st.peer, finish_atom_v);
  else
    end(self);
}

void stop(self_pointer self) {
  auto& st = self->state;
  if (st.stopping)
    return;
  st.stopping = true;
  st.parts.watch->stop();
  if (st.lanes.empty() && st.dying.empty()) {
    shut_down(self);
    return;
  }
  st.finishing = true;
  self->send(st.committer, finish_atom_v, std::int64_t{pipeline_of(self).shutdown_timeout.count()});
}

void pause(self_pointer self, bool on) {
  auto& st = self->state;
  if (std::exchange(st.paused, on) == on)
    return;
  spdlog::info(on ? "paused" : "resumed");
  st.parts.watch->pause(on);
  for (auto& [id, member] : st.lanes)
    self->send(member.reader, pause_atom_v, on);
}

void open_feed(self_pointer self) {
  auto& st = self->state;
  auto feed = st.parts.open_feed();
  if (!feed) {
    spdlog::error("{}", feed.error().text());
    st.outcome->complete = false;
    shut_down(self);
    return;
  }
  st.feed = *feed;
}

// A file has no group: the node takes all its partitions up, from where the local store says.
void take_up_file(self_pointer self) {
  auto& st = self->state;
  if (!st.feed)
    open_feed(self);
  const auto& source = std::get<config::file_source>(pipeline_of(self).source.from);
  auto starts = std::make_shared<std::vector<lane_start>>();
  for (std::int32_t i = 0; i < source.partitions; ++i) {
    auto state = st.parts.store->restore(core::partition_id{i});
    if (!state) {
      spdlog::error("{}", state.error().text());
      st.outcome->complete = false;
      shut_down(self);
      return;
    }
    starts->push_back({st.feed->partition(core::partition_id{i}), std::move(*state)});
  }
  st.pending = std::move(starts);
}

void start_lanes(self_pointer self) {
  auto& st = self->state;
  auto starts = std::exchange(st.pending, nullptr);
  if (!starts || st.stopping)
    return;
  std::map<core::partition_id, core::offset> from;
  for (auto& start : *starts) {
    const auto partition = start.state.partition;
    const auto next = start.state.next;
    from[partition] = next;
    auto made = spawn_lane(self, start, even_share(st, starts->size()));
    if (!made) {
      spdlog::error("{}", made.error().text());
      st.outcome->complete = false;
      shut_down(self);
      return;
    }
    self->send(st.committer, lane_atom_v, value_of(partition), value_of(next), made->reader, made->emitter);
    st.lanes.emplace(partition, std::move(*made));
  }
  st.parts.registry->know_lanes(true);
  if (st.consumer)
    self->send(st.consumer, ready_atom_v);
  else
    st.feed->start(from);
  for (auto& [partition, member] : st.lanes)
    self->send(member.reader, ready_atom_v);
}

void lanes_have_ended(self_pointer self) {
  auto& st = self->state;
  if (st.finishing) // a rewind was first; `ended` is on its way
    return;
  const auto next = std::exchange(st.then, ending::none);
  if (st.stopping || next == ending::quit) {
    shut_down(self);
  } else if (next != ending::none && st.consumer) {
    // The committer first: when it needs a new producer, that one's initialisation ends what the old one left open, and
    // whoever restores the lanes, here or elsewhere, waits for it.
    self->send(st.committer, start_atom_v);
    self->send(st.consumer, ended_atom_v, next == ending::rebuild, ++st.round);
  } else if (next == ending::rebuild) {
    st.feed->stop();
    st.feed.reset();
    take_up_file(self);
    self->send(st.committer, start_atom_v);
  }
}

void end_lanes(self_pointer self, ending then) {
  auto& st = self->state;
  st.then = then;
  st.pending = nullptr;
  st.at_end.clear();
  for (auto& [partition, member] : st.lanes) {
    st.parts.registry->stop(partition);
    for (auto& part : member.all) {
      st.dying.insert(part.address());
      self->send_exit(part, caf::exit_reason::user_shutdown);
    }
  }
  st.lanes.clear();
  if (st.dying.empty())
    lanes_have_ended(self);
}

void on_down(self_pointer self, const caf::down_msg& msg) {
  auto& st = self->state;
  if (st.peer && msg.source == st.peer.address()) {
    st.peer = nullptr;
    if (!st.stopping)
      spdlog::error("the peer ended: {}; this node goes on alone", caf::to_string(msg.reason));
    else if (!st.outcome->ended && st.lanes.empty() && st.dying.empty())
      end(self);
    return;
  }
  if (st.dying.erase(msg.source) > 0) {
    if (st.dying.empty())
      lanes_have_ended(self);
    return;
  }
  if (st.stopping || st.outcome->ended)
    return;
  spdlog::error("an actor of a lane ended: {}; the lanes are rebuilt", caf::to_string(msg.reason));
  for (auto& [partition, member] : st.lanes)
    for (auto part = member.all.begin(); part != member.all.end(); ++part)
      if (part->address() == msg.source) {
        member.all.erase(part);
        self->send(st.committer, failed_atom_v);
        return;
      }
}

} // namespace

node_actor::behavior_type node(self_pointer self, node_parts parts, std::shared_ptr<node_outcome> outcome) {
  self->state.parts = std::move(parts);
  self->state.outcome = std::move(outcome);
  self->set_down_handler([self](const caf::down_msg& msg) { on_down(self, msg); });
  return {
      [=](start_atom) {
        auto& st = self->state;
        if (st.parts.open_feed)
          open_feed(self);
        if (st.outcome->ended)
          return;
        spawn_committer(self);
        spawn_peer(self);
        if (st.parts.group)
          spawn_consumer(self);
        spawn_pools(self);
        if (st.feed)
          take_up_file(self);
        self->send(st.committer, start_atom_v);
        if (st.consumer)
          self->send(st.consumer, start_atom_v);
      },
      [=](start_atom, const output_set_ptr& outputs) {
        if (outputs) {
          self->state.outputs = outputs;
          self->send(self->state.peer, outputs);
        }
        start_lanes(self);
      },
      [=](assigned_atom, std::uint64_t round, const lane_starts& starts) {
        auto& st = self->state;
        if (round != st.round)
          return;
        st.pending = starts;
        self->send(st.committer, start_atom_v);
      },
      [=](revoked_atom, bool lost) {
        auto& st = self->state;
        st.then = ending::give_back;
        if (st.lanes.empty() && st.dying.empty()) {
          end_lanes(self, ending::give_back);
          return;
        }
        if (lost)
          self->send(st.committer, lose_atom_v);
        else
          self->send(st.committer, finish_atom_v, std::int64_t{pipeline_of(self).rebalance_timeout.count()});
        st.finishing = true;
      },
      [=](ended_atom, bool complete) {
        auto& st = self->state;
        st.finishing = false;
        if (st.then == ending::quit)
          st.outcome->exhausted = complete;
        if (st.stopping)
          st.outcome->complete = complete;
        else if (st.then == ending::quit && !complete)
          st.then = ending::rebuild; // what was undone is read again
        end_lanes(self, st.then);
      },
      [=](rewind_atom) {
        auto& st = self->state;
        if (st.finishing) // what was asked for comes after this: the answer to it says what happens to the lanes
          return;
        spdlog::info("the lanes go back to their last commit");
        end_lanes(self, ending::rebuild);
      },
      [=](usurped_atom) {
        auto& st = self->state;
        st.outcome->usurped = true;
        st.outcome->complete = false;
        st.stopping = true;
      },
      [=](eof_atom, std::int32_t partition) {
        auto& st = self->state;
        const auto of = st.lanes.find(core::partition_id{partition});
        // A reader that has been ended may have said so before: its lane begins anew, and is not at the end.
        if (of == st.lanes.end() || of->second.reader.address() != self->current_sender())
          return;
        st.at_end.insert(partition);
        if (st.at_end.size() < st.lanes.size() || st.stopping || st.then != ending::none)
          return;
        st.then = ending::quit;
        st.finishing = true;
        self->send(st.committer, finish_atom_v, finite_source_timeout_ms);
      },
      [=](const cluster_view_ptr& view) {
        auto& st = self->state;
        for (auto& [partition, member] : st.lanes)
          if (const auto window = view->windows.find(partition); window != view->windows.end())
            set_window(self, member, window->second);
        pause(self, view->paused);
        if (view->stopping)
          stop(self);
      },
      [=](credit_atom) {
        auto& st = self->state;
        for (auto& [partition, member] : st.lanes)
          set_window(self, member, even_share(st, st.lanes.size()));
      },
      [=](lead_atom, bool on) {
        if (self->state.peer)
          self->send(self->state.peer, lead_atom_v, on);
      },
      [=](request_atom, core::control_verb verb) {
        if (self->state.peer)
          self->send(self->state.peer, request_atom_v, verb);
      },
      [=](down_atom) { stop(self); },
  };
}

} // namespace weir::actors
