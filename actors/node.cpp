#include "actors/node.hpp"

#include "actors/committer.hpp"
#include "actors/consumer.hpp"
#include "actors/inferencer.hpp"
#include "actors/lane.hpp"
#include "actors/lane_failure.hpp"
#include "actors/model_loader.hpp"
#include "actors/peer.hpp"
#include "actors/preprocessor.hpp"

#include "config/parse.hpp"
#include "core/base/random_id.hpp"
#include "core/cluster/credit_policy.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = node_actor::stateful_pointer<node_state>;

const config::pipeline& pipeline_of(self_pointer self) {
  return *self->state.parts.pipeline;
}

// --- what lives as long as the node ---

void spawn_pools(self_pointer self) {
  auto& st = self->state;
  const auto& plan = *st.parts.plan;
  if (!plan.slots.empty())
    for (std::size_t i = 0; i < st.parts.parallelism; ++i)
      st.inferencers.push_back(self->spawn<caf::monitored>(inferencer, st.parts.plan));
  const auto after_preprocessing =
      plan.stages.front().in_order.empty() ? st.inferencers : std::vector<inferencer_actor>{};
  const auto header = st.feed ? st.feed->header() : std::vector<std::string>{};
  for (std::size_t i = 0; i < st.parts.parallelism; ++i)
    st.preprocessors.push_back(self->spawn<caf::monitored>(
        preprocessor, std::shared_ptr<core::preprocessor>{plan.make_preprocessor(header)}, after_preprocessing));
}

void spawn_model_loader(self_pointer self) {
  auto& st = self->state;
  if (st.parts.plan->slots.empty())
    return;
  model_loader_options options;
  options.plan = st.parts.plan;
  options.board = st.parts.display.models;
  st.model_loader = st.parts.own_thread ? self->spawn<caf::detached>(model_loader, node_actor{self}, options)
                                        : self->spawn(model_loader, node_actor{self}, options);
  self->monitor(st.model_loader);
}

void spawn_committer(self_pointer self) {
  auto& st = self->state;
  const auto& settings = pipeline_of(self).commit;
  committer_options options;
  options.commit.interval = config::effective_commit_interval(pipeline_of(self));
  options.commit.lane_timeout = settings.timeout;
  options.watch = st.parts.display.watch;
  st.committer = st.parts.own_thread
                     ? self->spawn<caf::detached>(committer, st.parts.input.backend, node_actor{self}, options)
                     : self->spawn(committer, st.parts.input.backend, node_actor{self}, options);
  self->monitor(st.committer);
}

void spawn_consumer(self_pointer self, const io::group_input& source) {
  auto& st = self->state;
  consumer_options options;
  options.topic = pipeline_of(self).source.from->name();
  options.registry = st.parts.display.registry;
  options.watch = st.parts.display.watch;
  options.ends = source.ends;
  options.start = source.start;
  options.partitions = source.partitions;
  options.prepare = source.prepare;
  options.own_thread = st.parts.own_thread;
  st.consumer = st.parts.own_thread
                    ? self->spawn<caf::detached>(consumer, source.group, source.states, node_actor{self}, options)
                    : self->spawn(consumer, source.group, source.states, node_actor{self}, options);
  self->monitor(st.consumer);
}

void spawn_peer(self_pointer self) {
  auto& st = self->state;
  peer_options options;
  options.self.node = st.parts.self.name;
  options.self.incarnation = core::random_id();
  options.self.url = st.parts.self.url;
  options.self.credit_bytes = st.parts.credit_bytes;
  options.watch = st.parts.display.watch;
  options.board = st.parts.display.board;
  options.models = st.parts.display.models;
  options.plan = st.parts.plan;
  if (const auto* source = st.parts.group())
    options.control = source->control;
  if (options.control)
    options.transport = over_middleman(self->home_system(), st.parts.self.listen_port);
  st.peer = self->spawn(peer, node_actor{self}, options);
  self->monitor(st.peer);
}

/// False: there is nothing to read.
bool open_feed(self_pointer self) {
  auto& st = self->state;
  if (st.feed)
    return true;
  auto feed = st.parts.file()->open();
  if (!feed) {
    spdlog::error("{}", feed.error().text());
    return false;
  }
  st.feed = *feed;
  return true;
}

void close_feed(self_pointer self) {
  auto& st = self->state;
  if (st.feed)
    st.feed->stop();
  st.feed = nullptr;
}

void start(self_pointer self) {
  auto& st = self->state;
  if (st.parts.file() && !open_feed(self)) {
    st.lifecycle->fail();
    return;
  }
  spawn_committer(self);
  spawn_peer(self);
  if (const auto* source = st.parts.group())
    spawn_consumer(self, *source);
  spawn_pools(self);
  spawn_model_loader(self);
  st.lifecycle->start();
}

void end(self_pointer self) {
  auto& st = self->state;
  if (st.committer)
    self->send_exit(st.committer, caf::exit_reason::user_shutdown);
  for (auto& worker : st.preprocessors)
    self->send_exit(worker, caf::exit_reason::user_shutdown);
  for (auto& worker : st.inferencers)
    self->send_exit(worker, caf::exit_reason::user_shutdown);
  if (st.model_loader)
    self->send_exit(st.model_loader, caf::exit_reason::user_shutdown);
  if (st.feed)
    st.feed->stop();
  // A finite source that is done leaves nothing to go on from.
  if (const auto* source = st.parts.file(); source != nullptr && st.outcome->exhausted && st.outcome->complete)
    if (auto cleared = source->store->clear(); !cleared)
      spdlog::warn("{}", cleared.error().text());
  st.outcome->ended = true;
  self->quit();
}

// --- models ---

/// The lanes change at their next barrier; the supervisor hears it with the next report.
void change_models(self_pointer self, const model_set_ptr& before) {
  auto& st = self->state;
  const auto& now = st.models->current();
  if (now != before) {
    spdlog::info("models: number {} from the next barrier on", now->choice().number);
    for (const auto& [column, version] : now->models())
      spdlog::info("column '{}' comes from model {}", column, version);
    for (auto& [partition, member] : st.lanes)
      self->send(member.reader, now);
  }
  st.parts.display.models->show(now);
  if (st.peer)
    self->send(st.peer, st.models->answer());
}

void follow_models(self_pointer self, const core::model_swap_view& view) {
  auto& st = self->state;
  const auto before = st.models->current();
  if (const auto wanted = st.models->hear(view); wanted && st.model_loader)
    self->send(st.model_loader, *wanted);
  if (st.models->current() != before)
    change_models(self, before);
}

void on_loaded(self_pointer self, const loaded_models& made) {
  auto& st = self->state;
  const auto before = st.models->current();
  st.models->loaded(made);
  if (!made.problem.empty())
    spdlog::warn("models: {}", made.problem);
  change_models(self, before);
}

// --- lanes ---

/// Credit of a lane as long as nobody says otherwise.
std::uint64_t even_share(const node_state& st, std::size_t lanes) {
  return core::share_credit(st.parts.credit_bytes, std::vector<core::lane_need>(lanes)).front();
}

void set_window(self_pointer self, lane& member, std::uint64_t bytes) {
  if (std::exchange(member.window, bytes) != bytes)
    self->send(member.reader, window_atom_v, bytes);
}

/// All partitions of the file, from where the local store says.
core::result<lane_starts> restore_file(self_pointer self) {
  auto& st = self->state;
  auto starts = std::make_shared<std::vector<lane_start>>();
  for (std::int32_t i = 0; i < st.parts.file()->partitions; ++i) {
    auto state = st.parts.file()->store->restore(core::partition_id{i});
    if (!state)
      return tl::unexpected{state.error()};
    starts->push_back({st.feed->partition(core::partition_id{i}), std::move(*state)});
  }
  return starts;
}

core::result<void> start_lanes(self_pointer self, const lane_starts& starts) {
  auto& st = self->state;
  std::map<core::partition_id, core::offset> from;
  const auto models_before = st.models->current();
  for (auto& start : *starts) {
    const auto partition = start.state.partition;
    const auto next = start.state.next;
    from[partition] = next;
    auto made = spawn_lane(self, start, even_share(st, starts->size()));
    if (!made)
      return tl::unexpected{made.error()};
    self->send(st.committer, lane_atom_v, value_of(partition), value_of(next), made->reader, made->emitter);
    st.lanes.emplace(partition, std::move(*made));
  }
  change_models(self, models_before);
  st.parts.display.registry->know_lanes(true);
  if (st.consumer)
    self->send(st.consumer, ready_atom_v);
  else
    st.feed->start(from);
  for (auto& [partition, member] : st.lanes)
    self->send(member.reader, ready_atom_v);
  return {};
}

/// The file's partitions are this node's whenever it wants them; their state is read when the transaction is open.
void take_up_file(self_pointer self, std::uint64_t round) {
  if (open_feed(self))
    self->send(self, assigned_atom_v, round, lane_starts{});
  else
    self->send(self, failed_atom_v);
}

/// Why this node ends, to all who look: the log, the stats endpoint and `outcome`.
void say_why(self_pointer self, std::string& outcome, const std::string& why) {
  spdlog::error("{}; this node ends", why);
  self->state.parts.display.watch->fail(why);
  outcome = why;
}

void on_end_of(self_pointer self, std::int32_t partition) {
  auto& st = self->state;
  const auto of = st.lanes.find(core::partition_id{partition});
  // A reader that has been ended may have said so before: its lane begins anew, and is not at the end.
  if (of == st.lanes.end() || of->second.reader.address() != self->current_sender())
    return;
  st.at_end.insert(partition);
  if (const auto failure = st.feed ? st.feed->failure() : std::nullopt) {
    // What was read counts, and the next process goes on after it.
    say_why(self, st.outcome->broken, failure->text());
    st.lifecycle->want(core::goal::stopped);
  } else if (st.at_end.size() == st.lanes.size()) {
    st.lifecycle->exhausted();
  }
}

void act_on(self_pointer self, const core::cluster_view& view) {
  auto& st = self->state;
  for (auto& [partition, member] : st.lanes)
    if (const auto window = view.windows.find(partition); window != view.windows.end())
      set_window(self, member, window->second);
  follow_models(self, view.models);
  st.lifecycle->want(view.wanted);
}

// --- what ends ---

void on_peer_down(self_pointer self, const caf::error& reason) {
  auto& st = self->state;
  st.peer = nullptr;
  if (st.lifecycle->is_over())
    end(self);
  else
    spdlog::error("the peer ended: {}; this node goes on alone", caf::to_string(reason));
}

// The lanes are ended by the abort that follows; rebuilt ones would come to the same end.
void give_up(self_pointer self, const std::string& why) {
  say_why(self, self->state.outcome->failure, why);
  self->state.lifecycle->must_end();
}

/// What lives as long as the node; null: it is none of these.
const char* part_of_the_node(const node_state& st, const caf::actor_addr& ended) {
  const auto is_it = [&](const auto& part) { return part && part.address() == ended; };
  if (is_it(st.committer))
    return "the committer";
  if (is_it(st.consumer))
    return "the consumer";
  if (is_it(st.model_loader))
    return "the loader of models";
  if (std::any_of(st.preprocessors.begin(), st.preprocessors.end(), is_it))
    return "a preprocessor";
  return std::any_of(st.inferencers.begin(), st.inferencers.end(), is_it) ? "an inferencer" : nullptr;
}

// What is not committed is read again by the next process.
void break_off(self_pointer self, const std::string& why) {
  say_why(self, self->state.outcome->broken, why);
  self->state.lifecycle->fail();
}

void on_down(self_pointer self, const caf::down_msg& msg) {
  auto& st = self->state;
  if (st.peer && msg.source == st.peer.address()) {
    on_peer_down(self, msg.reason);
    return;
  }
  if (st.dying.erase(msg.source) > 0) {
    if (st.dying.empty())
      st.lifecycle->lanes_gone();
    return;
  }
  if (const auto* part = part_of_the_node(st, msg.source)) {
    if (!st.lifecycle->is_over())
      break_off(self, std::string{part} + " ended: " + caf::to_string(msg.reason));
    return;
  }
  const auto why = why_lane_failed(msg.reason);
  if (why)
    give_up(self, *why);
  for (auto& [partition, member] : st.lanes)
    for (auto part = member.all.begin(); part != member.all.end(); ++part)
      if (part->address() == msg.source) {
        if (!why)
          spdlog::error("an actor of a lane ended: {}; the lanes are rebuilt", caf::to_string(msg.reason));
        member.all.erase(part);
        self->send(st.committer, failed_atom_v);
        return;
      }
}

} // namespace

void lifecycle_commands::open_transaction() {
  self->send(self->state.committer, start_atom_v);
}

bool lifecycle_commands::start_lanes() {
  auto& st = self->state;
  const auto starts =
      st.parts.file() != nullptr ? restore_file(self) : core::result<lane_starts>{std::exchange(st.pending, nullptr)};
  const auto started = starts ? actors::start_lanes(self, *starts) : core::result<void>{tl::unexpected{starts.error()}};
  // State that does not fit the steps will not fit the next time either.
  if (!started)
    say_why(self, started.error().is_unreachable ? st.outcome->broken : st.outcome->failure, started.error().text());
  return started.has_value();
}

void lifecycle_commands::hold_lanes(bool on) {
  auto& st = self->state;
  st.held = on;
  for (auto& [id, member] : st.lanes)
    self->send(member.reader, pause_atom_v, on);
}

void lifecycle_commands::finish_lanes(std::chrono::milliseconds within) {
  self->send(self->state.committer, finish_atom_v, std::int64_t{within.count()});
}

void lifecycle_commands::lose_lanes() {
  self->send(self->state.committer, lose_atom_v);
}

bool lifecycle_commands::end_lanes() {
  auto& st = self->state;
  st.pending = nullptr;
  st.at_end.clear();
  for (auto& [partition, member] : st.lanes) {
    st.parts.display.registry->stop(partition);
    for (auto& part : member.all) {
      st.dying.insert(part.address());
      self->send_exit(part, caf::exit_reason::user_shutdown);
    }
  }
  st.lanes.clear();
  return st.dying.empty();
}

void lifecycle_commands::join_source() {
  if (self->state.consumer)
    self->send(self->state.consumer, start_atom_v);
  else
    take_up_file(self, self->state.lifecycle->round());
}

void lifecycle_commands::give_back(std::uint64_t round) {
  if (self->state.consumer) {
    self->send(self->state.consumer, ended_atom_v, round);
  } else {
    close_feed(self);
    take_up_file(self, round);
  }
}

void lifecycle_commands::leave_source(std::uint64_t round) {
  if (self->state.consumer)
    self->send(self->state.consumer, leave_atom_v, round);
  else
    close_feed(self);
}

void lifecycle_commands::show(core::goal wanted, bool reached) {
  auto& watch = *self->state.parts.display.watch;
  watch.show(wanted, reached);
  spdlog::info("{}", core::to_string(watch.phase()));
}

// The peer ends before the committer: a supervisor that lives here needs the outputs for its last alerts.
void lifecycle_commands::shut_down() {
  auto& st = self->state;
  st.outcome->exhausted = st.lifecycle->is_exhausted();
  st.outcome->complete = st.lifecycle->is_complete();
  if (st.consumer)
    self->send(st.consumer, down_atom_v);
  if (st.peer)
    self->send(st.peer, finish_atom_v);
  else
    end(self);
}

node_actor::behavior_type node(self_pointer self, node_parts parts, std::shared_ptr<node_outcome> outcome) {
  auto& st = self->state;
  st.parts = std::move(parts);
  st.outcome = std::move(outcome);
  st.models.emplace(st.parts.plan);
  st.commands.self = self;
  st.lifecycle.emplace(st.commands, core::node_time_limits{.rebalance = pipeline_of(self).rebalance_timeout,
                                                           .shutdown = pipeline_of(self).shutdown_timeout});
  self->set_down_handler([self](const caf::down_msg& msg) { on_down(self, msg); });
  return {
      [=](start_atom) { start(self); },
      [=](start_atom, const output_set_ptr& outputs) {
        if (outputs) {
          self->state.outputs = outputs;
          self->send(self->state.peer, outputs);
        }
        self->state.lifecycle->opened();
      },
      [=](assigned_atom, std::uint64_t round, const lane_starts& starts) {
        if (self->state.lifecycle->taken_up(round))
          self->state.pending = starts;
      },
      [=](failed_atom) { self->state.lifecycle->fail(); },
      [=](failed_atom, const std::string& why) {
        say_why(self, self->state.outcome->failure, why);
        self->state.lifecycle->fail();
      },
      [=](revoked_atom, bool lost) { self->state.lifecycle->revoked(lost); },
      [=](ended_atom, bool complete) { self->state.lifecycle->finished(complete); },
      [=](rewind_atom) { self->state.lifecycle->rewound(); },
      [=](usurped_atom) {
        if (self->state.consumer)
          self->send(self->state.consumer, usurped_atom_v);
      },
      [=](usurped_atom, const std::string& by) {
        self->state.outcome->usurped_by = by;
        self->state.lifecycle->fail();
      },
      [=](eof_atom, std::int32_t partition) { on_end_of(self, partition); },
      [=](const cluster_view_ptr& view) { act_on(self, *view); },
      [=](credit_atom) {
        for (auto& [partition, member] : self->state.lanes)
          set_window(self, member, even_share(self->state, self->state.lanes.size()));
      },
      [=](lead_atom, bool on) {
        if (self->state.peer)
          self->send(self->state.peer, lead_atom_v, on);
      },
      [=](request_atom, core::goal wanted) {
        if (self->state.peer)
          self->send(self->state.peer, request_atom_v, wanted);
      },
      [=](request_atom, const core::model_wish& wish) {
        if (self->state.peer)
          self->send(self->state.peer, request_atom_v, wish);
      },
      [=](const loaded_models& made) { on_loaded(self, made); },
      [=](down_atom) { self->state.lifecycle->want(core::goal::stopped); },
  };
}

} // namespace weir::actors
