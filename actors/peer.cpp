#include "actors/peer.hpp"

#include "actors/supervisor.hpp"
#include "io/process_usage.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = peer_actor::stateful_pointer<peer_state>;
using std::chrono::milliseconds;

constexpr milliseconds first_backoff{100};
constexpr milliseconds longest_backoff{2000};

/// Nodes find a new supervisor within a tick or two.
constexpr milliseconds grace{1000};

/// How long a supervisor's own node waits for the others to hear that all are to stop.
constexpr milliseconds stop_notice{2000};

auto now_of(self_pointer self) {
  return self->clock().now();
}

// --- to the supervisor ---

void send_up(self_pointer self, std::string frame) {
  auto& st = self->state;
  if (st.supervisor)
    self->send(st.supervisor, frame_atom_v, std::move(frame));
  else if (st.link)
    self->send(st.link, frame_atom_v, std::move(frame));
}

void tell_all_panes(self_pointer self) {
  auto& st = self->state;
  st.told_all = now_of(self);
  for (const auto& update : st.panes->updates())
    send_up(self, core::frame_of_panes(encode(update)));
}

void report(self_pointer self) {
  auto& st = self->state;
  // A new supervisor that has not spoken yet may not know where the one before it was.
  if (st.view && st.newest && st.view->term < st.newest->term)
    send_up(self, core::encode(*st.view));
  st.options.watch->look(now_of(self));
  send_up(self, encode(core::report_of(st.options.self, *st.options.watch, io::read_process_usage().resident_bytes)));
  if (st.wish)
    send_up(self, core::encode(*st.wish));
  if (now_of(self) - st.told_all > st.options.retell)
    tell_all_panes(self);
}

// --- where the supervisor is ---

void end_supervisor(self_pointer self) {
  auto& st = self->state;
  if (!st.supervisor)
    return;
  spdlog::info("this node leads no longer");
  self->send_exit(st.supervisor, caf::exit_reason::user_shutdown);
  st.supervisor = nullptr;
  st.followers.clear();
}

void begin_supervisor(self_pointer self, std::int64_t term) {
  auto& st = self->state;
  supervisor_options options;
  options.supervision.node = st.options.self.node;
  options.supervision.term = term;
  options.predecessor = st.view;
  if (st.options.control)
    options.grace = grace;
  st.supervisor = self->spawn(supervisor, st.options.plan, frame_actor{self}, options);
  self->monitor(st.supervisor);
  if (st.outputs)
    self->send(st.supervisor, st.outputs);
  if (st.options.control)
    spdlog::info("this node leads, term {}", term);
  report(self);
}

void call_later(self_pointer self) {
  auto& st = self->state;
  st.link = nullptr;
  st.dial_at = now_of(self) + st.backoff;
  st.backoff = std::min(2 * st.backoff, longest_backoff);
}

void call(self_pointer self) {
  auto& st = self->state;
  st.dialling = true;
  const auto term = st.newest->term;
  self->request(st.options.transport.dialler, st.options.connect_timeout, caf::connect_atom_v, st.newest->host,
                st.newest->port)
      .then(
          [=](const caf::node_id&, const caf::strong_actor_ptr& there, const std::set<std::string>&) {
            auto& state = self->state;
            state.dialling = false;
            if (state.newest->term != term || state.supervisor)
              return;
            if (!there) {
              call_later(self);
              return;
            }
            state.link = caf::actor_cast<frame_actor>(there);
            self->monitor(state.link);
            state.linked = now_of(self);
            report(self);
          },
          [=](const caf::error&) {
            self->state.dialling = false;
            if (self->state.newest->term == term)
              call_later(self);
          });
}

/// Other nodes can reach this actor from now on.
void listen(self_pointer self) {
  auto& st = self->state;
  if (auto port = st.options.transport.listen(frame_actor{self}))
    st.port = *port;
  else
    spdlog::error("{}", port.error().text());
}

bool is_own(const peer_state& st) {
  return st.newest && st.newest->incarnation == st.options.self.incarnation;
}

void follow_control_topic(self_pointer self) {
  auto& st = self->state;
  if (auto news = st.options.control->poll()) {
    st.newest = std::move(news);
    st.link = nullptr;
    st.dial_at = {};
    st.backoff = first_backoff;
    end_supervisor(self); // another has come, or this one begins anew
    if (st.leads && is_own(st))
      begin_supervisor(self, st.newest->term);
  }
  const auto now = now_of(self);
  const bool is_ousted = !is_own(st) && !st.link && st.announced && now - *st.announced > st.options.silence;
  if (st.leads && (!st.announced || is_ousted)) {
    st.announced = now;
    io::announcement here;
    here.node = st.options.self.node;
    here.incarnation = st.options.self.incarnation;
    here.host = st.options.host;
    here.port = st.port;
    st.options.control->announce(here);
  }
}

void keep_in_touch(self_pointer self) {
  auto& st = self->state;
  if (st.supervisor || !st.newest || is_own(st))
    return;
  if (st.link && now_of(self) - std::max(st.heard, st.linked) > st.options.silence) {
    spdlog::warn("the supervisor on {} is silent; calling it again", st.newest->node);
    call_later(self);
  }
  if (!st.link && !st.dialling && now_of(self) >= st.dial_at)
    call(self);
}

// --- from the supervisor ---

/// A supervisor that ends before the others have heard that they are to end would leave them running.
bool others_know_of_the_stop(const peer_state& st, peer_state::instant now) {
  if (!st.supervisor || now - *st.stop_seen > stop_notice)
    return true;
  return std::all_of(st.view->nodes.begin(), st.view->nodes.end(), [&](const core::cluster_view::member& member) {
    return member.report.node == st.options.self.node || member.report.phase == core::node_phase::stopping
           || member.age_ms > stop_notice.count();
  });
}

void act_on(self_pointer self, core::cluster_view view) {
  auto& st = self->state;
  if (st.view && view.term < st.view->term)
    return;
  if (!st.supervisor && view.supervisor == st.options.self.node && st.options.control)
    return; // of this node's own time as supervisor, which is over
  if (st.wish) {
    const auto wish = *st.wish;
    const bool is_seen =
        wish == core::control_verb::stop ? view.stopping : view.paused == (wish == core::control_verb::pause);
    if (is_seen)
      st.wish.reset();
    else if (wish != core::control_verb::stop)
      view.paused = !view.paused;
  }
  for (const auto& [name, value] : view.values)
    st.options.plan->cluster->set(name, value);
  const bool is_new = !st.view || st.view->term < view.term;
  st.heard = now_of(self);
  st.is_on_its_own = false;
  st.backoff = first_backoff;
  st.view = std::make_shared<const core::cluster_view>(view);
  st.options.board->show(st.view);
  if (is_new) // only now it is sure that the supervisor listens
    tell_all_panes(self);
  if (view.stopping) {
    if (!st.stop_seen)
      st.stop_seen = now_of(self);
    view.stopping = others_know_of_the_stop(st, now_of(self));
  }
  self->send(st.node, std::make_shared<const core::cluster_view>(std::move(view)));
}

void hear(self_pointer self, const std::string& bytes) {
  auto& st = self->state;
  const auto frame = core::open_frame(bytes);
  if (!frame) {
    spdlog::warn("peer: {}", frame.error().text());
    return;
  }
  const bool is_from_here = self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(st.supervisor);
  if (frame->kind != core::frame_kind::view || (st.supervisor && !is_from_here)) {
    if (!st.supervisor)
      return; // whoever sent it will find out who leads
    const auto sender = caf::actor_cast<frame_actor>(self->current_sender());
    if (sender && st.followers.emplace(sender.address(), sender).second)
      self->monitor(sender);
    self->send(st.supervisor, frame_atom_v, bytes);
    return;
  }
  auto view = core::decode_view(frame->content);
  if (!view) {
    spdlog::warn("peer: {}", view.error().text());
    return;
  }
  if (st.supervisor)
    for (const auto& [address, follower] : st.followers)
      self->send(follower, frame_atom_v, bytes);
  act_on(self, *std::move(view));
}

void on_down(self_pointer self, const caf::down_msg& msg) {
  auto& st = self->state;
  if (st.supervisor && msg.source == st.supervisor.address()) {
    st.supervisor = nullptr;
    if (st.finishing)
      self->quit();
    else if (st.leads) {
      spdlog::error("the supervisor ended: {}; it begins anew", caf::to_string(msg.reason));
      begin_supervisor(self, st.newest ? st.newest->term : 0);
    }
  } else if (st.link && msg.source == st.link.address()) {
    call_later(self);
  } else {
    st.followers.erase(msg.source);
  }
}

void on_tick(self_pointer self) {
  auto& st = self->state;
  if (st.options.control) {
    follow_control_topic(self);
    keep_in_touch(self);
  }
  report(self);
  if (!st.is_on_its_own && now_of(self) - st.heard > st.options.lease) {
    st.is_on_its_own = true;
    self->send(st.node, credit_atom_v);
  }
}

} // namespace

peer_actor::behavior_type peer(self_pointer self, node_actor node, peer_options options) {
  auto& state = self->state;
  state.node = std::move(node);
  state.options = std::move(options);
  state.panes.emplace(state.options.plan->cluster_aggregates);
  state.heard = state.told_all = now_of(self);
  self->set_down_handler([self](const caf::down_msg& msg) { on_down(self, msg); });
  if (state.options.control) {
    listen(self);
  } else {
    state.leads = true;
    begin_supervisor(self, 0);
  }
  self->send(self, caf::tick_atom_v);
  return {
      [=](frame_atom, const std::string& bytes) { hear(self, bytes); },
      [=](lead_atom, bool on) {
        auto& st = self->state;
        if (st.leads == on)
          return;
        st.leads = on;
        st.announced.reset();
        if (!on)
          end_supervisor(self);
      },
      [=](panes_atom, const std::string& update) {
        if (const auto decoded = core::decode_pane_update(update))
          self->state.panes->add(*decoded);
        send_up(self, core::frame_of_panes(update));
      },
      [=](request_atom, core::control_verb verb) {
        auto& st = self->state;
        st.wish = verb;
        send_up(self, core::encode(verb));
        // Nobody to ask: this node at least does as it is told.
        if (!st.supervisor && !st.link) {
          auto alone = st.view ? *st.view : core::cluster_view{};
          alone.paused = verb == core::control_verb::pause;
          alone.stopping = verb == core::control_verb::stop;
          self->send(st.node, std::make_shared<const core::cluster_view>(std::move(alone)));
        }
      },
      [=](const output_set_ptr& outputs) {
        auto& st = self->state;
        st.outputs = outputs;
        if (st.supervisor)
          self->send(st.supervisor, outputs);
      },
      [=](finish_atom) {
        auto& st = self->state;
        st.finishing = true;
        report(self);
        if (st.supervisor)
          self->send(st.supervisor, finish_atom_v);
        else
          self->quit();
      },
      [=](caf::tick_atom) {
        if (self->state.finishing)
          return;
        on_tick(self);
        self->delayed_send(self, self->state.options.interval, caf::tick_atom_v);
      },
  };
}

} // namespace weir::actors
