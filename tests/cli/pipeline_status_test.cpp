#include "cli/pipeline_status.hpp"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

/// What a node says of another, or of itself: one lane, which has received so many records.
struct said {
  std::string node;
  int received;
  int age_ms = 0;
  std::string phase = "running";
};

std::string lane(int received) {
  std::string text = R"({"partition":0,"active":true,"stalled":false)";
  for (const auto& f : core::lane_figures())
    if ((f.places & core::figure_place::cluster) != 0)
      text += ",\"" + std::string{f.name} + "\":" + std::to_string(f.name == "received" ? received : 0);
  return text + "}";
}

/// The answer of `node`. @param supervisor empty: it knows of none
pipeline_status answer(const std::string& node, const std::string& supervisor, int term,
                       const std::vector<said>& nodes) {
  std::string all;
  for (const auto& of : nodes)
    all += (all.empty() ? "" : ",") + (R"({"node":")" + of.node) + R"(","phase":")" + of.phase
           + R"(","ready":true,"url":"","age_ms":)" + std::to_string(of.age_ms) + R"(,"lanes":[)" + lane(of.received)
           + "]}";
  const auto text = R"({"pipeline":"p","node":")" + node + R"(","supervisor":)"
                    + (supervisor.empty() ? "null" : "\"" + supervisor + "\"") + R"(,"term":)" + std::to_string(term)
                    + R"(,"partitions":3,"aggregates":{"mean":)" + std::to_string(term) + R"(.5},"nodes":[)" + all
                    + "]}\n";
  const auto read = read_status(text);
  EXPECT_TRUE(read) << text;
  return read.value_or(pipeline_status{});
}

/// `node phase received` of each.
std::vector<std::string> rows(const pipeline_status& status) {
  std::vector<std::string> out;
  for (const auto& node : status.nodes)
    out.push_back(node.node + " " + node.phase + " "
                  + std::to_string(static_cast<int>(node.lanes.at(0).figures["received"])));
  return out;
}

using texts = std::vector<std::string>;

TEST(pipeline_status, of_one_answer_is_that_answer) {
  const auto one = answer("n1", "n2", 4, {{"n1", 10}, {"n2", 20, 150}});
  const auto merged = merge({one});
  EXPECT_EQ(merged.supervisor, "n2");
  EXPECT_EQ(rows(merged), (texts{"n1 running 10", "n2 running 20"}));
  EXPECT_EQ(merged.json(), one.json());
}

TEST(pipeline_status, shows_all_nodes_when_the_one_that_led_has_just_been_started_again) {
  const auto reborn = answer("n1", "", -1, {{"n1", 0, 0, "starting"}});
  const auto second = answer("n2", "n1", 4, {{"n1", 700, 90}, {"n2", 210}, {"n3", 290, 120}});
  const auto third = answer("n3", "n1", 4, {{"n1", 710, 80}, {"n2", 200, 100}, {"n3", 310}});
  for (const auto& answers : {std::vector{reborn, second, third}, std::vector{third, second, reborn}}) {
    const auto merged = merge(answers);
    EXPECT_EQ(rows(merged), (texts{"n1 starting 0", "n2 running 210", "n3 running 310"}));
    EXPECT_EQ(merged.supervisor, "") << "n1 does not lead: it says so itself";
    EXPECT_NE(merged.json().find(R"("supervisor":null)"), std::string::npos) << merged.json();
  }
}

TEST(pipeline_status, adds_the_nodes_of_which_a_new_supervisor_has_not_heard_yet) {
  const auto fresh = answer("n2", "n2", 5, {{"n2", 210}});
  const auto old = answer("n3", "n1", 4, {{"n1", 700, 90}, {"n2", 200, 100}, {"n3", 310}});
  const auto merged = merge({old, fresh});
  EXPECT_EQ(merged.supervisor, "n2");
  EXPECT_EQ(rows(merged), (texts{"n2 running 210", "n3 running 310"})) << "the newer view does not know n1";
  EXPECT_EQ(merged.aggregates, (std::vector<std::pair<std::string, double>>{{"mean", 5.5}}));
}

TEST(pipeline_status, takes_the_supervisors_own_view_before_the_same_term_of_another) {
  const auto heard = answer("n1", "n2", 5, {{"n1", 10}, {"n2", 15, 200}, {"n3", 25, 300}});
  const auto leads = answer("n2", "n2", 5, {{"n1", 9, 100}, {"n2", 20}, {"n3", 30, 100}});
  EXPECT_EQ(rows(merge({heard, leads})), (texts{"n1 running 10", "n2 running 20", "n3 running 30"}))
      << "n3 was not asked, and its age is the smaller one there";
}

TEST(pipeline_status, knows_which_partitions_are_on_no_node) {
  EXPECT_EQ(merge({answer("n1", "n1", 3, {{"n1", 10}})}).on_no_node(), (std::vector<std::int64_t>{1, 2}));
}

TEST(pipeline_status, as_json_has_the_nodes_that_the_table_has) {
  const auto merged = merge({answer("n1", "n1", 3, {{"n1", 10}}), answer("n2", "n1", 2, {{"n2", 20}})});
  const auto again = read_status(merged.json());
  ASSERT_TRUE(again) << merged.json();
  EXPECT_EQ(rows(*again), (texts{"n1 running 10", "n2 running 20"}));
  EXPECT_EQ(again->supervisor, "n1");
  EXPECT_EQ(again->term, 3);
}

TEST(pipeline_status, reads_nothing_else) {
  for (const auto* other : {"", "[]", "{}", R"({"pipeline":"p","nodes":[]})",
                            R"({"pipeline":"p","term":1,"aggregates":{},"nodes":[{"node":"n1"}]})"})
    EXPECT_FALSE(read_status(other)) << other;
}

} // namespace
} // namespace weir::cli
