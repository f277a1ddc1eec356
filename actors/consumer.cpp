#include "actors/consumer.hpp"

#include "actors/lag_watch.hpp"
#include "actors/restorer.hpp"

#include "io/news.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = consumer_actor::stateful_pointer<consumer_state>;

/// Something polls the group at least so often, so that it counts as alive whatever happens to a wake-up.
constexpr auto longest_wait = std::chrono::seconds(1);

/// How long a broker that was away may take to answer; the group is not polled meanwhile.
constexpr auto broker_patience = std::chrono::milliseconds(500);

void on_assigned(self_pointer self, const io::group_event& event) {
  auto& st = self->state;
  std::vector<core::partition_id> partitions;
  for (const auto& entry : event.partitions)
    if (entry.topic == st.commands.options.topic)
      partitions.push_back(entry.partition);
  const bool leads = partitions.size() < event.partitions.size();
  spdlog::info("assigned {} partitions of {}{}", partitions.size(), st.commands.options.topic,
               leads ? ", and leads" : "");
  st.partitions->assigned(std::move(partitions), leads);
}

void handle(self_pointer self, const io::group_event& event) {
  auto& st = self->state;
  switch (event.what) {
  case io::group_event::kind::none: break;
  case io::group_event::kind::error:
    io::warn_of("kafka: " + event.text);
    st.away = true;
    st.commands.options.watch->broker_away(event.text);
    break;
  case io::group_event::kind::assigned: on_assigned(self, event); break;
  case io::group_event::kind::revoked: st.partitions->revoked(false); break;
  case io::group_event::kind::lost: st.partitions->revoked(true); break;
  }
}

// The client says when it loses its brokers, and nothing when they are back.
void look_for_broker(self_pointer self) {
  auto& st = self->state;
  if (!st.away || !st.commands.group->is_answered(broker_patience))
    return;
  st.away = false;
  st.commands.options.watch->broker_away({});
  spdlog::info("kafka: the broker answers again");
}

void poll(self_pointer self) {
  while (true) {
    const auto event = self->state.commands.group->poll();
    if (event.what == io::group_event::kind::none)
      return;
    handle(self, event);
  }
}

void take(self_pointer self, std::uint64_t number, const restored_states& states) {
  auto& st = self->state;
  if (!*states) {
    st.partitions->restored(number, tl::unexpected{states->error()});
    return;
  }
  std::vector<core::found_state> places;
  for (const auto& state : **states)
    places.push_back({state.partition, state.found, state.next});
  if (number == *st.commands.newest)
    st.commands.restored = std::move(**states);
  st.partitions->restored(number, std::move(places));
}

// A process that was killed stays a member until its session is over, so the look is repeated after that.
void look_for_double(self_pointer self) {
  auto& st = self->state;
  const auto now = self->clock().now();
  const auto found = st.commands.group->earlier_double();
  if (!found) {
    st.suspect.reset();
  } else if (!st.suspect || st.suspect->first != *found) {
    st.suspect.emplace(*found, now);
    self->delayed_send(self, st.commands.options.session, usurped_atom_v);
  } else if (now - st.suspect->second >= st.commands.options.session) {
    self->send(st.commands.node, usurped_atom_v, *found);
  }
}

} // namespace

std::optional<io::preparation> group_commands::why_not_prepared(const std::vector<core::partition_id>& of) {
  const auto needed = core::value_of(std::ranges::max(of)) + 1;
  if (needed <= options.partitions || !options.prepare)
    return std::nullopt;
  auto found = options.prepare();
  if (found.what != io::preparation::outcome::ready)
    return found;
  options.partitions = found.partitions;
  options.registry->know_source(found.partitions);
  if (needed <= options.partitions)
    return std::nullopt;
  return io::preparation{
      io::preparation::outcome::unreachable,
      {"no broker knows partition " + std::to_string(needed - 1) + " of '" + options.topic + "' yet", {}, {}}};
}

void group_commands::restore(std::uint64_t number, const std::vector<core::partition_id>& of) {
  if (const auto found = why_not_prepared(of)) {
    if (found->what == io::preparation::outcome::wrong)
      give_up(found->problem);
    else
      partitions->restored(number, tl::unexpected{found->problem});
    return;
  }
  *newest = number;
  self->send(restorer, restore_atom_v, number, std::make_shared<partition_list::element_type>(of));
}

void group_commands::ask_places(std::uint64_t number, const std::vector<core::partition_id>& of) {
  partitions->places_known(number, group->places(of, options.restore_timeout));
}

void group_commands::retry_later(std::uint64_t number, const core::error& why) {
  io::tell_error(why.text());
  self->delayed_send(self, options.retry, start_atom_v, number);
}

void group_commands::give_up(const core::error& why) {
  self->send(node, failed_atom_v, why.text());
}

void group_commands::start_lanes(std::uint64_t round, const std::vector<core::lane_origin>& lanes) {
  auto starts = std::make_shared<std::vector<lane_start>>();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    auto& state = restored[i];
    state.next = lanes[i].next;
    starts->push_back({group->partition(state.partition), std::move(state), lanes[i].lost});
  }
  restored.clear();
  self->send(node, assigned_atom_v, round, std::move(starts));
}

void group_commands::end_lanes(bool lost) {
  self->send(node, revoked_atom_v, lost);
}

void group_commands::fetch(const std::vector<core::partition_offset>& from, bool with_control) {
  if (auto assigned = group->assign(from, with_control); !assigned)
    spdlog::error("{}", assigned.error().text());
}

void group_commands::let_go() {
  group->unassign();
}

void group_commands::join() {
  if (auto joined = group->subscribe(); !joined)
    spdlog::error("{}", joined.error().text());
}

void group_commands::leave() {
  group->unsubscribe();
}

void group_commands::lead(bool on) {
  self->send(node, lead_atom_v, on);
}

void group_commands::know_lanes(bool known) {
  options.registry->know_lanes(known);
}

consumer_actor::behavior_type consumer(self_pointer self, std::shared_ptr<io::consumer_group> group,
                                       std::shared_ptr<io::committed_states> states, node_actor node,
                                       consumer_options options) {
  auto& st = self->state;
  st.partitions.emplace(st.commands, options.topic, options.start);
  st.commands.self = self;
  st.commands.partitions = &*st.partitions;
  st.commands.group = std::move(group);
  const restorer_options of_restorer{options.restore_timeout, st.commands.newest};
  st.commands.restorer =
      options.own_thread ? self->spawn<caf::detached + caf::linked>(restorer, states, consumer_actor{self}, of_restorer)
                         : self->spawn<caf::linked>(restorer, states, consumer_actor{self}, of_restorer);
  if (options.ends) {
    lag_watch_options of_watch;
    of_watch.registry = options.registry;
    st.lag_watch = options.own_thread ? self->spawn<caf::detached + caf::linked>(lag_watch, options.ends, of_watch)
                                      : self->spawn<caf::linked>(lag_watch, options.ends, of_watch);
  }
  st.commands.node = std::move(node);
  st.commands.options = std::move(options);
  auto handle = consumer_actor{self};
  st.commands.group->on_event([handle] { caf::anon_send(handle, poll_atom_v); });
  self->delayed_send(self, longest_wait, caf::tick_atom_v);
  return {
      [=](start_atom) { self->state.partitions->join(); },
      [=](start_atom, std::uint64_t number) { self->state.partitions->retry(number); },
      [=](restored_atom, std::uint64_t number, const restored_states& found) { take(self, number, found); },
      [=](usurped_atom) { look_for_double(self); },
      [=](poll_atom) { poll(self); },
      [=](ready_atom) {
        self->state.partitions->lanes_started();
        if (self->state.lag_watch)
          self->send(self->state.lag_watch, start_atom_v);
      },
      [=](ended_atom, std::uint64_t round) {
        self->state.partitions->lanes_ended(round);
        poll(self);
      },
      [=](leave_atom, std::uint64_t round) {
        self->state.partitions->leave(round);
        poll(self);
      },
      [=](down_atom) {
        self->state.commands.group->close(std::chrono::seconds(5));
        self->send_exit(self->state.lag_watch, caf::exit_reason::user_shutdown); // a normal end ends nobody else
        self->quit();
      },
      [=](caf::tick_atom) {
        look_for_broker(self);
        poll(self);
        self->delayed_send(self, longest_wait, caf::tick_atom_v);
      },
  };
}

} // namespace weir::actors
