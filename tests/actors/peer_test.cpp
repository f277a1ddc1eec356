#include "actors/peer.hpp"

#include "actor_fixture.hpp"
#include "fake_io.hpp"
#include "plan_of.hpp"

#include <set>

namespace weir::actors {
namespace {

using namespace std::chrono_literals;

/// `<pipeline>-control` in memory.
class fake_control final : public io::control_topic {
public:
  std::optional<io::announcement> poll() override { return std::exchange(news, std::nullopt); }
  void announce(const io::announcement& self) override { announced.push_back(self); }

  std::optional<io::announcement> news;
  std::vector<io::announcement> announced;
};

/// A peer, its node, and another node's peer that may be called.
class peer_test : public test::actor_fixture {
protected:
  void SetUp() override {
    the_plan = test::plan_of("aggregate: [ { rolling: mean, of: x, over: 1m, as: mean_1m } ]\n"
                             "drift: [ { data_drift: x, scope: pipeline, as: x_drifts } ]\n");
    node = fake<node_actor>([this](const cluster_view_ptr& view) { wanted = *view; }, [this](credit_atom) { ++alone; });
    other = fake<frame_actor>([this](frame_atom, const std::string& sealed) {
      const auto bytes = opened(sealed);
      const auto frame = core::open_frame(bytes);
      if (frame->kind == core::frame_kind::report)
        reports.push_back(*core::decode_report(frame->content));
      else if (frame->kind == core::frame_kind::request)
        requests.push_back(*core::decode_request(frame->content));
      else if (frame->kind == core::frame_kind::panes)
        ++panes;
      else if (frame->kind == core::frame_kind::drift)
        windows.push_back(*core::decode_drift_update(frame->content));
      else
        views.push_back(*core::decode_view(frame->content));
    });
    options.self.node = "n1";
    options.self.incarnation = 11;
    options.watch = std::make_shared<core::node_watch>(registry, 30s);
    options.board = board;
    options.plan = the_plan;
    options.control = control;
    options.transport.listen = [](const frame_actor&) { return core::result<std::uint16_t>{9194}; };
    options.transport.dialler = keep(system.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](caf::connect_atom, const std::string&,
                     std::uint16_t port) -> caf::result<caf::node_id, caf::strong_actor_ptr, std::set<std::string>> {
        dialled.push_back(port);
        if (!answers)
          return caf::make_error(caf::sec::cannot_connect_to_node);
        return {caf::node_id{}, caf::actor_cast<caf::strong_actor_ptr>(other), std::set<std::string>{}};
      }};
    }));
  }

  void start() {
    actor = keep(system.spawn(peer, node, options));
    settle();
  }

  /// Another announces itself.
  void let_lead(const std::string& name, std::int64_t term, std::uint64_t incarnation) {
    control->news = io::announcement{name, "127.0.0.1", 9195, incarnation, term, theirs.key()};
    tick();
  }

  void tick() { advance(200ms); }

  void pass(std::chrono::milliseconds time) {
    for (auto passed = 0ms; passed < time; passed += 100ms)
      advance(100ms);
  }

  void say(const core::cluster_view& view) {
    tell(actor, frame_atom_v, theirs.seal(core::encode(view)));
    settle();
  }

  /// What this node has said, to a supervisor elsewhere or as one.
  std::string opened(const std::string& sealed) {
    if (auto frame = heard.open(sealed))
      return std::string{*frame};
    const auto frame = io::frame_seal{control->announced.back().key}.open(sealed);
    EXPECT_TRUE(frame);
    return std::string{frame.value_or("")};
  }

  static core::cluster_view view_of(const std::string& supervisor, std::int64_t term) {
    core::cluster_view view;
    view.supervisor = supervisor;
    view.term = term;
    return view;
  }

  /// The other node tells this one, which leads, how it is.
  void report_other(core::node_phase phase) {
    core::node_report report;
    report.node = "n2";
    report.phase = phase;
    caf::send_as(caf::actor_cast<caf::actor>(other), actor, frame_atom_v,
                 io::frame_seal{control->announced.back().key}.seal(core::encode(report)));
    settle();
  }

  void commit_panes() {
    core::moments total;
    total.add(4);
    const core::pane_update update{core::partition_id{0}, core::epoch{1}, core::offset{1}, {1000}, {{0, 0, total}}};
    tell(actor, panes_atom_v, core::encode(update));
    settle();
  }

  std::shared_ptr<const config::lane_plan> the_plan;
  std::shared_ptr<core::lane_registry> registry = std::make_shared<core::lane_registry>();
  std::shared_ptr<core::cluster_board> board = std::make_shared<core::cluster_board>();
  std::shared_ptr<fake_control> control = std::make_shared<fake_control>();
  peer_options options;
  node_actor node;
  frame_actor other;
  peer_actor actor;
  bool answers = true; ///< whoever is dialled
  io::frame_seal theirs{"the key of n2"}, heard{"the key of n2"};

  std::optional<core::cluster_view> wanted; ///< the last that the node heard
  int alone = 0;                            ///< how often it heard that nobody leads
  std::vector<std::uint16_t> dialled;
  // what the other node heard:
  std::vector<core::node_report> reports;
  std::vector<core::goal> requests;
  std::vector<core::cluster_view> views;
  int panes = 0;
  std::vector<core::drift_update> windows;
};

TEST_F(peer_test, leads_at_once_when_it_is_all_there_is) {
  options.control = nullptr;
  start();
  pass(500ms);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->supervisor, "n1");
  ASSERT_TRUE(board->view());
  EXPECT_EQ(board->view()->nodes.at(0).report.node, "n1");
}

TEST_F(peer_test, obeys_nobody_who_does_not_know_the_key_of_the_supervisor) {
  start();
  let_lead("n2", 5, 22);
  auto stop = view_of("n2", 5);
  stop.wanted = core::goal::stopped;
  tell(actor, frame_atom_v, core::encode(stop));
  tell(actor, frame_atom_v, io::frame_seal{"another key"}.seal(core::encode(stop)));
  settle();
  EXPECT_FALSE(wanted);
  const auto once = theirs.seal(core::encode(view_of("n2", 5)));
  tell(actor, frame_atom_v, once);
  settle();
  ASSERT_TRUE(wanted);
  wanted.reset();
  tell(actor, frame_atom_v, once); // heard on the line, and said again
  settle();
  EXPECT_FALSE(wanted);
}

TEST_F(peer_test, passes_no_request_on_that_has_no_proof) {
  start();
  tell(actor, lead_atom_v, true);
  tick();
  let_lead("n1", 5, 11);
  pass(2s);
  ASSERT_TRUE(wanted);
  caf::send_as(caf::actor_cast<caf::actor>(other), actor, frame_atom_v, core::encode(core::goal::stopped));
  pass(2s);
  EXPECT_EQ(wanted->wanted, core::goal::running);
  caf::send_as(caf::actor_cast<caf::actor>(other), actor, frame_atom_v,
               io::frame_seal{control->announced.back().key}.seal(core::encode(core::goal::stopped)));
  pass(5s);
  EXPECT_EQ(wanted->wanted, core::goal::stopped);
}

TEST_F(peer_test, announces_itself_when_the_group_lets_it_lead_and_leads_when_the_topic_has_it) {
  start();
  EXPECT_TRUE(control->announced.empty());
  tell(actor, lead_atom_v, true);
  tick();
  ASSERT_EQ(control->announced.size(), 1u);
  EXPECT_EQ(control->announced[0].node, "n1");
  EXPECT_EQ(control->announced[0].incarnation, 11u);
  EXPECT_EQ(control->announced[0].port, 9194);
  pass(2s);
  EXPECT_FALSE(wanted) << "it is not in the topic yet";
  let_lead("n1", 5, 11);
  pass(2s);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->term, 5);
}

TEST_F(peer_test, does_not_take_what_it_announced_in_a_former_life_for_itself) {
  answers = false;
  start();
  let_lead("n1", 5, 10);
  pass(2s);
  EXPECT_FALSE(wanted);
  EXPECT_FALSE(dialled.empty());
}

TEST_F(peer_test, calls_the_newest_supervisor_and_tells_it_all) {
  start();
  commit_panes();
  let_lead("n2", 3, 20);
  tick();
  EXPECT_EQ(dialled, std::vector<std::uint16_t>{9195});
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.back().node, "n1");
  EXPECT_EQ(panes, 0) << "not before it is known to listen";
  say(view_of("n2", 3));
  EXPECT_EQ(panes, 1);
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->supervisor, "n2");
  EXPECT_EQ(board->view()->term, 3);
}

TEST_F(peer_test, tells_a_new_supervisor_the_windows_of_its_lanes_and_its_lanes_which_one_comes_next) {
  start();
  const core::drift_update update{core::partition_id{0}, core::offset{7}, 1, {{0, 7}}, {{0, 0, "a total"}}};
  tell(actor, drift_atom_v, core::encode(update));
  settle();
  let_lead("n2", 3, 20);
  tick();
  EXPECT_TRUE(windows.empty());
  auto view = view_of("n2", 3);
  view.drift_progress.window = 2;
  say(view);
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].next, core::offset{7});
  EXPECT_EQ(windows[0].entries, update.entries);
  ASSERT_TRUE(the_plan->drift_news->progress());
  EXPECT_EQ(the_plan->drift_news->progress()->window, 2u);
  auto behind = view_of("n2", 4);
  behind.drift_progress.window = 1;
  say(behind);
  EXPECT_EQ(the_plan->drift_news->progress()->window, 2u) << "windows never go back";
  EXPECT_EQ(windows.size(), 2u) << "the next supervisor hears all, too";
  tell(actor, drift_atom_v, core::encode(update));
  settle();
  EXPECT_EQ(windows.size(), 3u) << "what is committed is told at once";
}

TEST_F(peer_test, calls_again_with_back_off_while_nobody_answers) {
  answers = false;
  start();
  let_lead("n2", 3, 20);
  pass(10s);
  const auto calls = dialled.size();
  EXPECT_GT(calls, 3u);
  EXPECT_LT(calls, 12u);
  answers = true;
  pass(3s);
  EXPECT_FALSE(reports.empty());
}

TEST_F(peer_test, calls_a_silent_supervisor_again) {
  start();
  let_lead("n2", 3, 20);
  say(view_of("n2", 3));
  const auto calls = dialled.size();
  pass(5s);
  EXPECT_GT(dialled.size(), calls);
}

TEST_F(peer_test, lets_the_node_go_on_alone_when_nothing_is_heard_for_long) {
  start();
  let_lead("n2", 3, 20);
  say(view_of("n2", 3));
  pass(6s);
  EXPECT_EQ(alone, 1) << "said once";
  say(view_of("n2", 3));
  pass(6s);
  EXPECT_EQ(alone, 2);
}

TEST_F(peer_test, does_not_listen_to_a_supervisor_of_before) {
  start();
  let_lead("n2", 3, 20);
  say(view_of("n2", 3));
  auto late = view_of("n3", 2);
  late.wanted = core::goal::paused;
  say(late);
  EXPECT_EQ(wanted->supervisor, "n2");
  EXPECT_EQ(wanted->wanted, core::goal::running);
}

TEST_F(peer_test, tells_a_new_supervisor_what_the_one_before_wanted) {
  start();
  let_lead("n2", 3, 20);
  auto paused = view_of("n2", 3);
  paused.wanted = core::goal::paused;
  say(paused);
  views.clear();
  let_lead("n3", 4, 30);
  tick();
  ASSERT_FALSE(views.empty());
  EXPECT_EQ(views.back().term, 3);
  EXPECT_EQ(views.back().wanted, core::goal::paused);
  say(view_of("n3", 4));
  views.clear();
  tick();
  EXPECT_TRUE(views.empty()) << "it has spoken, so it knows";
}

TEST_F(peer_test, asks_until_a_view_shows_what_was_asked_for) {
  start();
  let_lead("n2", 3, 20);
  say(view_of("n2", 3));
  tell(actor, request_atom_v, core::goal::paused);
  settle();
  tick();
  tick();
  EXPECT_GE(requests.size(), 3u);
  say(view_of("n2", 3)); // sent before the request came
  EXPECT_EQ(wanted->wanted, core::goal::paused) << "this node has been told already";
  auto seen = view_of("n2", 3);
  seen.wanted = core::goal::paused;
  say(seen);
  requests.clear();
  tick();
  EXPECT_TRUE(requests.empty());
}

TEST_F(peer_test, does_itself_what_is_asked_when_there_is_nobody_to_ask) {
  start();
  tell(actor, request_atom_v, core::goal::stopped);
  settle();
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->wanted, core::goal::stopped);
}

TEST_F(peer_test, steps_down_when_another_announces_itself) {
  start();
  tell(actor, lead_atom_v, true);
  let_lead("n1", 5, 11);
  pass(2s);
  ASSERT_EQ(wanted->supervisor, "n1");
  let_lead("n2", 6, 20);
  tick();
  EXPECT_FALSE(dialled.empty());
  say(view_of("n2", 6));
  EXPECT_EQ(wanted->supervisor, "n2");
}

TEST_F(peer_test, announces_itself_again_when_another_did_and_does_not_answer) {
  answers = false;
  start();
  tell(actor, lead_atom_v, true);
  let_lead("n1", 5, 11);
  ASSERT_EQ(control->announced.size(), 1u);
  let_lead("n2", 6, 20); // late news of one that is dead
  pass(4s);
  EXPECT_EQ(control->announced.size(), 2u);
}

TEST_F(peer_test, a_supervisor_hears_of_other_nodes_and_tells_them) {
  start();
  tell(actor, lead_atom_v, true);
  let_lead("n1", 5, 11);
  report_other(core::node_phase::starting);
  pass(2s);
  ASSERT_TRUE(board->view());
  ASSERT_EQ(board->view()->nodes.size(), 2u);
  ASSERT_FALSE(views.empty()) << "whoever reports is told";
  EXPECT_EQ(views.back().nodes.size(), 2u);
}

TEST_F(peer_test, a_supervisor_that_stops_ends_when_the_others_have_heard_it) {
  start();
  tell(actor, lead_atom_v, true);
  let_lead("n1", 5, 11);
  report_other(core::node_phase::running);
  pass(1500ms);
  report_other(core::node_phase::running);
  tell(actor, request_atom_v, core::goal::stopped);
  settle();
  pass(500ms);
  EXPECT_EQ(wanted->wanted, core::goal::running);
  EXPECT_EQ(views.back().wanted, core::goal::stopped);
  report_other(core::node_phase::stopping);
  pass(500ms);
  EXPECT_EQ(wanted->wanted, core::goal::stopped);
}

TEST_F(peer_test, ends_when_it_is_told_to) {
  start();
  tell(actor, finish_atom_v);
  settle();
  EXPECT_TRUE(has_ended(caf::actor_cast<caf::actor>(actor)));
}

} // namespace
} // namespace weir::actors
