#include "actors/peer.hpp"

#include "actors/supervisor.hpp"
#include "io/http/access_token.hpp"
#include "io/news.hpp"
#include "io/process_usage.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <set>
#include <utility>

namespace weir::actors {

namespace {

using self_pointer = peer_actor::stateful_pointer<peer_state>;
using std::chrono::milliseconds;

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
    self->send(st.link, frame_atom_v, st.line.seal(frame));
}

void report(self_pointer self) {
  auto& st = self->state;
  if (st.view && st.leadership->awaits_first_word())
    send_up(self, core::encode(*st.view));
  st.options.watch->look(now_of(self));
  if (const auto models = st.options.models ? st.options.models->models() : nullptr) {
    st.options.self.models = models->choice();
    st.options.self.contests = st.options.models->report();
  }
  send_up(self, encode(core::report_of(st.options.self, *st.options.watch, io::read_process_usage().resident_bytes)));
  if (const auto asked = st.goal->asked())
    send_up(self, core::encode(*asked));
  for (const auto& wish : st.wishes.due(now_of(self)))
    send_up(self, core::encode(wish));
}

/// Other nodes can reach this actor from now on.
void listen(self_pointer self) {
  auto& st = self->state;
  if (auto port = st.options.transport.listen(frame_actor{self}))
    st.port = *port;
  else
    spdlog::error("{}", port.error().text());
}

void request(self_pointer self, core::goal wanted) {
  auto& st = self->state;
  st.goal->ask(wanted);
  send_up(self, core::encode(wanted));
  if (st.leadership->is_in_touch())
    return;
  // Nobody to ask: this node at least does as it is told.
  auto alone = st.view ? *st.view : core::cluster_view{};
  alone.wanted = wanted;
  st.goal->force(wanted);
  self->send(st.node, std::make_shared<const core::cluster_view>(std::move(alone)));
}

// --- from the supervisor ---

void act_on(self_pointer self, core::cluster_view view) {
  auto& st = self->state;
  if (!st.leadership->hear(view, now_of(self)))
    return;
  view.wanted = st.goal->seen(view.wanted);
  st.wishes.hear(view.models);
  for (const auto& [name, value] : view.values)
    st.options.plan->cluster->set(name, value);
  if (st.options.plan->drift_news)
    st.options.plan->drift_news->show(view.drift_progress);
  st.view = std::make_shared<const core::cluster_view>(view);
  st.options.board->show(st.view);
  view.wanted = st.goal->to_do(view, st.leadership->lives_here(), now_of(self));
  self->send(st.node, std::make_shared<const core::cluster_view>(std::move(view)));
}

/// What another node says to the supervisor that lives here.
void pass_on(self_pointer self, const std::string& bytes) {
  auto& st = self->state;
  if (!st.supervisor)
    return; // whoever sent it will find out who leads
  const auto sender = caf::actor_cast<frame_actor>(self->current_sender());
  if (sender && st.followers.emplace(sender.address(), sender).second)
    self->monitor(sender);
  self->send(st.supervisor, frame_atom_v, bytes);
}

/// What was said; nothing where it is not known who said it.
std::optional<std::string> opened(self_pointer self, const std::string& sealed) {
  auto& st = self->state;
  if (st.supervisor && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(st.supervisor))
    return sealed; // of this process
  const auto frame = (st.supervisor ? st.own : st.line).open(sealed);
  if (frame)
    return std::string{*frame};
  io::warn_of("peer: " + frame.error().text());
  return std::nullopt;
}

void hear(self_pointer self, const std::string& sealed) {
  auto& st = self->state;
  const auto said = opened(self, sealed);
  if (!said)
    return;
  const auto& bytes = *said;
  const auto frame = core::open_frame(bytes);
  if (!frame) {
    spdlog::warn("peer: {}", frame.error().text());
    return;
  }
  const bool is_from_here = self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(st.supervisor);
  if (frame->kind != core::frame_kind::view || (st.supervisor && !is_from_here)) {
    pass_on(self, bytes);
    return;
  }
  auto view = core::decode_view(frame->content);
  if (!view) {
    spdlog::warn("peer: {}", view.error().text());
    return;
  }
  if (st.supervisor && !st.followers.empty()) {
    const auto to_all = st.own.seal(bytes);
    for (const auto& [address, follower] : st.followers)
      self->send(follower, frame_atom_v, to_all);
  }
  act_on(self, *std::move(view));
}

void on_down(self_pointer self, const caf::down_msg& msg) {
  auto& st = self->state;
  if (st.supervisor && msg.source == st.supervisor.address()) {
    st.supervisor = nullptr;
    if (st.finishing) {
      self->quit();
    } else {
      spdlog::error("the supervisor ended: {}", caf::to_string(msg.reason));
      st.leadership->supervisor_ended();
    }
  } else if (st.link && msg.source == st.link.address()) {
    st.leadership->line_lost(now_of(self));
  } else {
    st.followers.erase(msg.source);
  }
}

void finish(self_pointer self) {
  auto& st = self->state;
  st.finishing = true;
  report(self);
  if (st.supervisor)
    self->send(st.supervisor, finish_atom_v);
  else
    self->quit();
}

void on_tick(self_pointer self) {
  auto& st = self->state;
  if (st.options.control)
    if (auto news = st.options.control->poll())
      st.leadership->announced(*std::move(news));
  st.leadership->tick(now_of(self));
  report(self);
}

} // namespace

void leading_commands::announce() {
  const auto& st = self->state;
  core::announcement here;
  here.node = st.options.self.node;
  here.incarnation = st.options.self.incarnation;
  here.host = st.options.host;
  here.port = st.port;
  here.key = st.key;
  st.options.control->announce(here);
}

void leading_commands::begin_supervisor(std::int64_t term) {
  auto& st = self->state;
  supervisor_options options;
  options.supervision.node = st.options.self.node;
  options.supervision.term = term;
  options.supervision.contest_rules = st.options.plan->contest_rules;
  options.supervision.drift = st.options.plan->drift;
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

void leading_commands::end_supervisor() {
  auto& st = self->state;
  spdlog::info("this node leads no longer");
  self->send_exit(st.supervisor, caf::exit_reason::user_shutdown);
  st.supervisor = nullptr;
  st.followers.clear();
}

void leading_commands::call(const core::announcement& whom) {
  const auto& options = self->state.options;
  if (self->state.line.key() != whom.key)
    self->state.line = io::frame_seal{whom.key};
  self->request(options.transport.dialler, options.connect_timeout, caf::connect_atom_v, whom.host, whom.port)
      .then(
          [self = self, term = whom.term](const caf::node_id&, const caf::strong_actor_ptr& there,
                                          const std::set<std::string>&) {
            auto& st = self->state;
            if (!there) {
              st.leadership->unanswered(term, now_of(self));
            } else if (st.leadership->answered(term, now_of(self))) {
              st.link = caf::actor_cast<frame_actor>(there);
              self->monitor(st.link);
              report(self);
            }
          },
          [self = self, term = whom.term](const caf::error&) {
            self->state.leadership->unanswered(term, now_of(self));
          });
}

void leading_commands::hang_up(bool is_silent) {
  if (is_silent)
    spdlog::warn("the supervisor is silent; calling it again");
  self->state.link = nullptr;
}

void leading_commands::tell_all() {
  for (const auto& update : self->state.panes->updates())
    send_up(self, core::frame_of_panes(encode(update)));
  if (const auto& drift = self->state.drift)
    for (const auto& update : drift->updates())
      for (const auto& part : encode_in_parts(update))
        send_up(self, core::frame_of_drift(part));
}

void leading_commands::go_alone() {
  self->send(self->state.node, credit_atom_v);
}

peer_actor::behavior_type peer(self_pointer self, node_actor node, peer_options options) {
  auto& st = self->state;
  st.node = std::move(node);
  st.options = std::move(options);
  st.commands.self = self;
  core::leadership_options leading;
  leading.node = st.options.self.node;
  leading.incarnation = st.options.self.incarnation;
  st.leadership.emplace(st.commands, leading, now_of(self));
  st.goal.emplace(st.options.self.node, stop_notice);
  st.panes.emplace(st.options.plan->cluster_aggregates);
  if (st.options.plan->drift)
    st.drift.emplace(st.options.plan->drift);
  self->set_down_handler([self](const caf::down_msg& msg) { on_down(self, msg); });
  if (auto key = io::new_token())
    st.key = *std::move(key);
  else
    spdlog::error("no other node can follow this one: {}", key.error().text());
  st.own = io::frame_seal{st.key};
  if (st.options.control)
    listen(self);
  else
    st.leadership->lead_alone();
  self->send(self, caf::tick_atom_v);
  return {
      [=](frame_atom, const std::string& bytes) { hear(self, bytes); },
      [=](lead_atom, bool on) { self->state.leadership->assigned(on); },
      [=](panes_atom, const std::string& update) {
        if (const auto decoded = core::decode_pane_update(update))
          self->state.panes->add(*decoded);
        send_up(self, core::frame_of_panes(update));
      },
      [=](drift_atom, const std::string& update) {
        if (const auto decoded = core::decode_drift_update(update); decoded && self->state.drift)
          self->state.drift->add(*decoded);
        send_up(self, core::frame_of_drift(update));
      },
      [=](request_atom, core::goal wanted) { request(self, wanted); },
      [=](request_atom, const core::model_wish& wish) {
        // Of what a step follows, the supervisor's node alone tells: nodes may see a file change at different times.
        const auto is_followed = !wish.is_default && !wish.models.front().is_pinned;
        if (is_followed && !self->state.leadership->lives_here())
          return;
        self->state.wishes.add(wish, now_of(self));
        send_up(self, core::encode(wish));
      },
      [=](const core::model_answer& answer) {
        self->state.options.self.answer = answer;
        report(self);
      },
      [=](const output_set_ptr& outputs) {
        self->state.outputs = outputs;
        if (self->state.supervisor)
          self->send(self->state.supervisor, outputs);
      },
      [=](finish_atom) { finish(self); },
      [=](caf::tick_atom) {
        if (self->state.finishing)
          return;
        on_tick(self);
        self->delayed_send(self, self->state.options.interval, caf::tick_atom_v);
      },
  };
}

} // namespace weir::actors
