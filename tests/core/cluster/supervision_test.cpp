#include "core/cluster/supervision.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr statistic mean{"mean", nullptr, [](const moments& m) { return m.mean; }};

using namespace std::chrono_literals;

class supervision_test : public ::testing::Test {
protected:
  std::vector<pane_aggregate> aggregates{
      {"mean_1m", &mean, 0, {}, {.over_ms = 60'000, .allowed_lateness_ms = 0, .panes = 60}}};
  std::vector<std::pair<std::string, std::string>> rules{
      {"lagging", "engine.lag > 100"}, {"rotten", "engine.dead_letters > 10"}, {"high", "mean_1m > 5"}};
  supervision::instant now{};
  std::int64_t now_ms = 1'700'000'000'000;

  supervision make(std::int64_t term = 1) const {
    std::vector<std::string> names{"mean_1m"};
    std::vector<alert_rule> bound;
    for (const auto& [name, when] : rules) {
      alert_options options;
      options.name = name;
      options.when = when;
      bound.push_back(*alert_rule::bind(engine_alerts::columns(names), options));
    }
    return {aggregates, engine_alerts{"tide", names, std::move(bound)}, {.node = "n1", .term = term}};
  }

  static lane_report lane(int partition, std::int64_t lag, std::uint64_t dead = 0) {
    lane_report out;
    out.partition = partition_id{partition};
    out.active = true;
    out.figures["received"] = out.figures["dead_lettered"] = static_cast<std::int64_t>(dead);
    out.figures["lag"] = lag;
    return out;
  }

  static node_report node(const std::string& name, std::vector<lane_report> lanes, std::uint64_t incarnation = 1) {
    node_report out;
    out.node = name;
    out.incarnation = incarnation;
    out.credit_bytes = 8u << 20;
    out.lanes = std::move(lanes);
    return out;
  }

  static pane_update panes(int partition, double value, std::int64_t next = 1) {
    moments total;
    total.add(value);
    return {partition_id{partition}, epoch{1}, offset{next}, {1000}, {{0, 0, total}}};
  }

  /// What a look says, as "rule status" each.
  std::vector<std::string> look(supervision& at) {
    record_block said;
    at.look(now, now_ms, said);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < said.size(); ++i) {
      const std::string text{said.value(i)};
      const auto field = [&](const std::string& name) {
        const auto begin = text.find("\"" + name + "\":\"") + name.size() + 4;
        return text.substr(begin, text.find('"', begin) - begin);
      };
      out.push_back(field("alert") + " " + field("status"));
    }
    return out;
  }
};

using texts = std::vector<std::string>;

TEST_F(supervision_test, a_rule_over_the_engine_sees_all_nodes) {
  auto pipeline = make();
  pipeline.hear(node("n1", {lane(0, 60)}), now);
  EXPECT_EQ(look(pipeline), texts{});
  pipeline.hear(node("n2", {lane(1, 60)}), now);
  EXPECT_EQ(look(pipeline), texts{"lagging firing"});
  EXPECT_EQ(look(pipeline), texts{});
  pipeline.hear(node("n2", {lane(1, 0)}), now);
  EXPECT_EQ(look(pipeline), texts{"lagging resolved"});
}

TEST_F(supervision_test, a_rule_over_the_lag_sees_what_was_last_known_of_each_partition) {
  constexpr auto unknown = lane_stats::unknown;
  auto pipeline = make();
  pipeline.hear(node("n1", {lane(0, 99), lane(1, unknown)}), now);
  EXPECT_EQ(look(pipeline), texts{}) << "of one partition nothing was ever known";
  pipeline.hear(node("n1", {lane(0, 99), lane(1, 2)}), now);
  EXPECT_EQ(look(pipeline), texts{"lagging firing"});
  pipeline.hear(node("n1", {lane(0, unknown), lane(1, unknown)}), now);
  EXPECT_EQ(look(pipeline), texts{}) << "the broker is away; nothing has been read";
  now += 120s;
  EXPECT_EQ(look(pipeline), texts{}) << "the node is forgotten, and who has its partitions now did not say";
  pipeline.hear(node("n2", {lane(0, 50), lane(1, unknown)}), now);
  EXPECT_EQ(look(pipeline), texts{"lagging resolved"});
}

TEST_F(supervision_test, dead_letters_of_a_process_that_is_no_more_still_count) {
  auto pipeline = make();
  pipeline.hear(node("n1", {lane(0, 0, 8)}), now);
  pipeline.hear(node("n1", {lane(0, 0, 2)}, 2), now); // it was started again and counts from 0
  EXPECT_EQ(look(pipeline), texts{});
  pipeline.hear(node("n1", {lane(0, 0, 3)}, 2), now);
  EXPECT_EQ(look(pipeline), texts{"rotten firing"});
  now += 120s;
  EXPECT_EQ(look(pipeline), texts{}) << "a node that is forgotten takes nothing back";
  EXPECT_TRUE(pipeline.view(now).nodes.empty());
}

TEST_F(supervision_test, averages_are_over_all_partitions_and_rules_see_them) {
  auto pipeline = make();
  EXPECT_TRUE(pipeline.view(now).values.empty());
  EXPECT_TRUE(pipeline.hear(panes(0, 4)));
  EXPECT_EQ(look(pipeline), texts{});
  EXPECT_TRUE(pipeline.hear(panes(1, 10)));
  EXPECT_EQ(look(pipeline), texts{"high firing"});
  const auto values = pipeline.view(now).values;
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].first, "mean_1m");
  EXPECT_DOUBLE_EQ(values[0].second, 7);
  EXPECT_FALSE(pipeline.hear(panes(1, 99, 0))) << "older than what is known";
}

TEST_F(supervision_test, a_node_that_is_silent_gets_no_credit_and_the_others_keep_theirs) {
  auto pipeline = make();
  pipeline.hear(node("n1", {lane(0, 0)}), now);
  pipeline.hear(node("n2", {lane(1, 0), lane(2, 0)}), now);
  look(pipeline);
  EXPECT_EQ(pipeline.view(now).windows.size(), 3u);
  now += 4s;
  pipeline.hear(node("n1", {lane(0, 0)}), now);
  look(pipeline);
  const auto view = pipeline.view(now);
  ASSERT_EQ(view.windows.size(), 1u);
  EXPECT_GT(view.windows.at(partition_id{0}), 0u);
  ASSERT_EQ(view.nodes.size(), 2u) << "it is still shown";
  EXPECT_EQ(view.nodes[1].age_ms, 4000);
}

TEST_F(supervision_test, a_request_stands_until_the_next) {
  auto pipeline = make();
  pipeline.hear(goal::paused);
  EXPECT_EQ(pipeline.view(now).wanted, goal::paused);
  pipeline.hear(goal::running);
  EXPECT_EQ(pipeline.view(now).wanted, goal::running);
  pipeline.hear(goal::drained);
  EXPECT_EQ(pipeline.view(now).wanted, goal::drained);
  pipeline.hear(goal::stopped);
  EXPECT_EQ(pipeline.view(now).wanted, goal::stopped);
}

TEST_F(supervision_test, a_pipeline_that_is_to_stop_is_told_nothing_else) {
  auto pipeline = make();
  pipeline.hear(goal::stopped);
  pipeline.hear(goal::running);
  EXPECT_EQ(pipeline.view(now).wanted, goal::stopped);
}

TEST_F(supervision_test, a_successor_keeps_the_goal_and_does_not_say_again_what_was_delivered) {
  auto first = make(1);
  first.hear(node("n1", {lane(0, 500)}), now);
  first.hear(goal::paused);
  ASSERT_EQ(look(first), texts{"lagging firing"});

  auto hasty = make(2);
  hasty.adopt(first.view(now), now);
  hasty.hear(node("n1", {lane(0, 500)}), now);
  EXPECT_EQ(look(hasty), texts{"lagging firing"}) << "the first may have died before its alert was delivered";

  first.delivered();
  auto second = make(2);
  EXPECT_FALSE(second.has_adopted());
  second.adopt(first.view(now), now);
  EXPECT_TRUE(second.has_adopted());
  EXPECT_EQ(second.view(now).wanted, goal::paused);
  second.hear(node("n1", {lane(0, 500)}), now);
  EXPECT_EQ(look(second), texts{});
  second.hear(node("n1", {lane(0, 0)}), now);
  EXPECT_EQ(look(second), texts{"lagging resolved"});
}

TEST_F(supervision_test, the_last_predecessor_counts) {
  auto older = make(1);
  auto newer = make(2);
  older.hear(goal::paused);
  auto third = make(3);
  third.adopt(newer.view(now), now);
  third.adopt(older.view(now), now);
  EXPECT_EQ(third.view(now).wanted, goal::running);
}

/// A pipeline with one column that is watched over all lanes, whose baseline is given.
class stream_of_supervision_test : public supervision_test {
protected:
  static std::shared_ptr<const stream_drift_plan> watched() {
    auto plan = std::make_shared<stream_drift_plan>();
    plan->window = 1000;
    auto& column = plan->columns.emplace_back();
    column.name = "Amount";
    column.methods = {drift_method::population_stability_index};
    column.drifts_as = "amount_drifts";
    column.given = column_monitor::of_numbers({});
    EXPECT_TRUE(column.given->numbers()->give({{0}, {5000, 5000}, 0, 10'000, {}}, {}));
    return plan;
  }

  supervision make_watching() const {
    std::vector<std::string> names{"mean_1m", "amount_drifts"};
    std::vector<alert_rule> bound;
    for (const auto& [name, when] :
         {std::pair{"drifts", "engine.drifting_columns > 0"}, std::pair{"amount", "amount_drifts > 0"}}) {
      alert_options options;
      options.name = name;
      options.when = when;
      bound.push_back(*alert_rule::bind(engine_alerts::columns(names), options));
    }
    return {aggregates,
            engine_alerts{"tide", names, std::move(bound)},
            {.node = "n1", .term = 1, .contest_rules = {}, .drift = plan}};
  }

  /// A lane has counted so many values below 0 and above in a window, and begins the next.
  drift_update counted(int partition, std::uint64_t window, int below, int above) const {
    auto total = first_monitor_of(plan->columns[0]);
    for (int i = 0; i < below + above; ++i)
      total.numbers()->add(i < below ? -1 : 1, total.options());
    const auto records = static_cast<std::uint64_t>(below + above);
    drift_update update{.partition = partition_id{partition},
                        .next = offset{static_cast<std::int64_t>(window) * 10'000},
                        .window = window + 1,
                        .sizes = {{window, records}},
                        .entries = {{0, window, {}}}};
    total.encode(update.entries[0].total);
    return update;
  }

  std::shared_ptr<const stream_drift_plan> plan = watched();
};

TEST_F(stream_of_supervision_test, a_drift_of_the_stream_fires_once_and_is_resolved_by_the_first_window_without) {
  auto pipeline = make_watching();
  pipeline.hear(node("n1", {lane(0, 0)}), now);
  pipeline.hear(node("n2", {lane(1, 0)}), now);
  const auto judge = [&](std::uint64_t window, int below, int above) {
    drift_update half{
        .partition = partition_id{0}, .next = offset{1}, .window = window, .sizes = {{window, 1000}}, .entries = {}};
    half.next = offset{static_cast<std::int64_t>(window) * 10'000 - 1};
    pipeline.hear(half);
    pipeline.look_at_drift(now, now_ms); // there are enough
    EXPECT_EQ(pipeline.view(now).drift_progress.window, window + 1);
    pipeline.hear(counted(0, window, below, above));
    EXPECT_EQ(pipeline.view(now).drift.window, window - 1 < first_judged_window ? 0 : window - 1)
        << "one lane is missing";
    pipeline.hear(counted(1, window, below, above));
    return look(pipeline);
  };
  EXPECT_EQ(judge(3, 250, 250), texts{});
  EXPECT_EQ(pipeline.view(now).drift.window, 3u);
  EXPECT_EQ(pipeline.view(now).drift.records, 1000u);
  EXPECT_EQ(judge(4, 400, 100), (texts{"drifts firing", "amount firing"}));
  EXPECT_EQ(look(pipeline), texts{});
  EXPECT_EQ(pipeline.view(now).values, (std::vector<std::pair<std::string, double>>{{"amount_drifts", 1}}));
  EXPECT_EQ(judge(5, 400, 100), texts{}) << "it still drifts";

  pipeline.delivered();
  auto successor = make_watching();
  successor.adopt(pipeline.view(now), now);
  EXPECT_EQ(successor.view(now).drift.window, 5u);
  EXPECT_EQ(look(successor), texts{}) << "it was said";
  EXPECT_EQ(judge(6, 250, 250), (texts{"drifts resolved", "amount resolved"}));
}

TEST_F(stream_of_supervision_test, what_it_says_of_the_stream_travels_with_the_view) {
  auto pipeline = make_watching();
  for (int partition : {0, 1})
    pipeline.hear(counted(partition, 3, 900, 100));
  look(pipeline);
  look(pipeline);
  const auto sent = pipeline.view(now);
  const auto bytes = encode(sent);
  const auto frame = open_frame(bytes);
  ASSERT_TRUE(frame);
  const auto heard = decode_view(frame->content);
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->drift_progress, sent.drift_progress);
  ASSERT_EQ(heard->drift.columns.size(), 1u);
  EXPECT_EQ(heard->drift.columns[0].name, "Amount");
  EXPECT_TRUE(heard->drift.columns[0].is_drift);
  EXPECT_DOUBLE_EQ(heard->drift.columns[0].verdict.p_value, sent.drift.columns[0].verdict.p_value);
}

TEST_F(stream_of_supervision_test, a_challenger_is_taken_away_when_what_is_predicted_drifts_in_a_window_of_its_own) {
  const auto* when = "prediction.drifts > 0";
  contest_rule rule{"Amount", false, when, *expression::bind(contest_columns(), when), 100, "old.onnx", chosen_model{}};
  rule.challenger->step = "Amount";
  rule.challenger->path = "new.onnx";
  supervision pipeline{
      aggregates, engine_alerts{"tide", {}, {}}, {.node = "n1", .term = 1, .contest_rules = {rule}, .drift = plan}};
  contest_figures figures;
  figures.champion.rows = figures.challenger.rows = 1000;
  auto report = node("n1", {lane(0, 0)});
  report.contests.push_back({"Amount", figures});
  pipeline.hear(report, now);
  look(pipeline); // the models that are judged are known from here on
  const auto judge_window = [&](std::uint64_t window, int below, int above) {
    drift_update counting{.partition = partition_id{0},
                          .next = offset{static_cast<std::int64_t>(window) * 10'000 - 1},
                          .window = window,
                          .sizes = {{window, 1000}},
                          .entries = {}};
    pipeline.hear(counting);
    pipeline.look_at_drift(now, now_ms);
    pipeline.hear(counted(0, window, below, above));
    auto said = look(pipeline);
    for (auto& more : look(pipeline))
      said.push_back(std::move(more));
    EXPECT_EQ(pipeline.view(now).drift.window, window);
    return said;
  };
  EXPECT_EQ(judge_window(3, 900, 100), texts{}) << "others have scored at its beginning";
  EXPECT_EQ(judge_window(4, 500, 500), texts{});
  EXPECT_EQ(judge_window(5, 900, 100), texts{"model rolled back resolved"});
}

} // namespace
} // namespace weir::core
