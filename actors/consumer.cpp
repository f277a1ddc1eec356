#include "actors/consumer.hpp"

#include "io/kafka/failures.hpp"

#include <spdlog/spdlog.h>

namespace weir::actors {

namespace {

using self_pointer = consumer_actor::stateful_pointer<consumer_state>;

/// Something polls the group at least so often, so that it counts as alive whatever happens to a wake-up.
constexpr auto longest_wait = std::chrono::seconds(1);

/// How long a broker that was away may take to answer; the group is not polled meanwhile.
constexpr auto broker_patience = std::chrono::milliseconds(500);

core::result<lane_starts> restore(self_pointer self) {
  auto& st = self->state;
  auto states = st.states->restore(st.partitions, st.options.restore_timeout, st.options.fence);
  if (!states)
    return tl::unexpected{states.error()};
  auto offsets = st.group->committed(st.partitions, st.options.restore_timeout);
  if (!offsets)
    return tl::unexpected{offsets.error()};
  auto starts = std::make_shared<std::vector<lane_start>>();
  st.from.clear();
  for (std::size_t i = 0; i < st.partitions.size(); ++i) {
    auto& state = (*states)[i];
    const auto committed = (*offsets)[i].next;
    if (state.found && state.next != committed && !st.options.state_rules)
      return core::fail(
          "the state of partition " + std::to_string(value_of(st.partitions[i])) + " reflects offset "
              + std::to_string(value_of(state.next)) + ", the group's offset is " + std::to_string(value_of(committed)),
          st.options.topic, "were the group's offsets changed by hand? remove the state topic to begin without state");
    if (!state.found)
      state.next = committed;
    const bool known = value_of(state.next) >= 0;
    st.from.push_back({st.partitions[i], known ? state.next : core::offset{RD_KAFKA_OFFSET_INVALID}});
    if (!known)
      state.next = core::offset{0};
    starts->push_back({nullptr, std::move(state)});
  }
  return starts;
}

void take_up(self_pointer self) {
  auto& st = self->state;
  if (st.partitions.empty()) {
    static_cast<void>(st.group->assign({}, st.control));
    st.fetching = true;
    st.options.registry->know_lanes(true);
    return;
  }
  auto starts = restore(self);
  if (!starts) {
    if (const auto text = starts.error().text(); io::is_news(text))
      spdlog::error("{}", text);
    self->delayed_send(self, st.options.retry, start_atom_v);
    return;
  }
  for (auto& lane : **starts)
    lane.source = st.group->partition(lane.state.partition);
  self->send(st.node, assigned_atom_v, std::move(*starts));
}

void handle(self_pointer self, const io::group_event& event) {
  auto& st = self->state;
  switch (event.what) {
  case io::group_event::kind::none: break;
  case io::group_event::kind::error:
    if (io::is_news(event.text))
      spdlog::warn("kafka: {}", event.text);
    st.away = true;
    st.options.watch->broker_away("a Kafka broker does not answer: " + event.text);
    break;
  case io::group_event::kind::assigned: {
    st.partitions.clear();
    st.control = false;
    for (const auto& entry : event.partitions)
      if (entry.topic == st.options.topic)
        st.partitions.push_back(entry.partition);
      else
        st.control = true;
    spdlog::info("assigned {} partitions of {}{}", st.partitions.size(), st.options.topic,
                 st.control ? ", and leads" : "");
    self->send(st.node, lead_atom_v, st.control);
    take_up(self);
    break;
  }
  case io::group_event::kind::revoked:
  case io::group_event::kind::lost:
    st.returning = true;
    st.options.registry->know_lanes(false);
    // A rebalance is no reason to give the lead up; a lost assignment is: another has it by now.
    if (event.what == io::group_event::kind::lost)
      self->send(st.node, lead_atom_v, false);
    if (st.partitions.empty())
      self->send(self, ended_atom_v, true);
    else
      self->send(st.node, revoked_atom_v, event.what == io::group_event::kind::lost);
    break;
  }
}

// The client says when it loses its brokers, and nothing when they are back.
void look_for_broker(self_pointer self) {
  auto& st = self->state;
  if (!st.away || !io::partition_count(st.group->client(), st.options.topic, broker_patience))
    return;
  st.away = false;
  st.options.watch->broker_away({});
  spdlog::info("kafka: the broker answers again");
}

void poll(self_pointer self) {
  while (true) {
    const auto event = self->state.group->poll(std::chrono::milliseconds::zero());
    if (event.what == io::group_event::kind::none)
      return;
    handle(self, event);
  }
}

} // namespace

consumer_actor::behavior_type consumer(self_pointer self, std::shared_ptr<io::kafka_consumer> group,
                                       std::shared_ptr<io::kafka_state> states, node_actor node,
                                       consumer_options options) {
  auto& state = self->state;
  state.group = std::move(group);
  state.states = std::move(states);
  state.node = std::move(node);
  state.options = std::move(options);
  auto handle = consumer_actor{self};
  state.group->on_event([handle] { caf::anon_send(handle, poll_atom_v); });
  self->delayed_send(self, longest_wait, caf::tick_atom_v);
  return {
      [=](start_atom) {
        // Again after a failed restore; the first one joins the group.
        if (!self->state.partitions.empty())
          take_up(self);
        else if (auto joined = self->state.group->subscribe(); !joined)
          spdlog::error("{}", joined.error().text());
      },
      [=](poll_atom) { poll(self); },
      [=](ready_atom) {
        auto& st = self->state;
        if (st.returning)
          return;
        if (auto assigned = st.group->assign(st.from, st.control); !assigned)
          spdlog::error("{}", assigned.error().text());
        st.fetching = true;
      },
      [=](ended_atom, bool again) {
        auto& st = self->state;
        st.group->unassign();
        st.fetching = false;
        if (st.returning) {
          st.returning = false;
          st.partitions.clear();
          poll(self);
        } else if (again) {
          take_up(self);
        }
      },
      [=](down_atom) {
        self->state.group->close(std::chrono::seconds(5));
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
