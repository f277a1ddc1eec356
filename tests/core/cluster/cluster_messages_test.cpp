#include "core/cluster/cluster_messages.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

node_report some_report() {
  node_report report;
  report.node = "n1";
  report.incarnation = 0xfedcba9876543210;
  report.url = "http://127.0.0.1:9187";
  report.phase = node_phase::paused;
  report.reason = "the broker is away";
  report.credit_bytes = 13u << 20;
  report.resident_bytes = 1u << 28;
  report.lanes = {{partition_id{0}, true, false, {}}, {partition_id{7}, false, true, {}}};
  auto& figures = report.lanes[0].figures;
  std::int64_t value = 40;
  for (std::size_t i = 0; i < figures.by_index.size(); ++i)
    if ((lane_figures()[i].places & figure_place::cluster) != 0)
      figures.by_index[i] = ++value;
  report.lanes[1].figures["lag"] = -1;
  report.models = {3, {{"risk", model_role::champion, "/models/b.onnx", "ab", "cd", true, 0}}};
  report.answer = {4, "it does not fit"};
  report.contests = {{"risk", {{100, 1, 5000, 50, 40, 1.5, 2.5}, {90, 2, 6000, 40, 30, 3.5, 4.5}, 80, 7, 8.5}}};
  return report;
}

cluster_view some_view() {
  cluster_view view;
  view.term = 12;
  view.supervisor = "n2";
  view.wanted = goal::drained;
  view.values = {{"mean_5m", 12.5}, {"max_1h", -std::numeric_limits<double>::infinity()}};
  view.firing = {{99, {1000, 2000}}};
  view.models = {{3, {{"risk", model_role::challenger, "/models/b.onnx", "ab", "cd", true, 0.5}}},
                 model_choice{4, {}},
                 77,
                 "why not"};
  view.nodes = {{some_report(), 250}, {{}, 9000}};
  view.windows = {{partition_id{0}, 65536}, {partition_id{7}, 1u << 20}};
  return view;
}

std::string_view content_of(const std::string& frame, frame_kind kind) {
  const auto opened = open_frame(frame);
  EXPECT_TRUE(opened);
  EXPECT_EQ(opened->kind, kind);
  return opened->content;
}

TEST(cluster_messages_test, a_report_comes_out_as_it_went_in) {
  const auto frame = encode(some_report());
  const auto read = decode_report(content_of(frame, frame_kind::report));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, some_report());
}

TEST(cluster_messages_test, figures_that_only_the_other_version_knows_are_left_out) {
  auto frame = encode(some_report());
  const auto at = frame.find("emitted"); // one that this version does not know takes its place
  ASSERT_NE(at, std::string::npos);
  frame.replace(at, 7, "emotion");
  const auto read = decode_report(content_of(frame, frame_kind::report));
  ASSERT_TRUE(read);
  auto expected = some_report();
  for (auto& lane : expected.lanes)
    lane.figures["emitted"] = 0;
  EXPECT_EQ(*read, expected);
}

TEST(cluster_messages_test, a_view_comes_out_as_it_went_in) {
  const auto view = some_view();
  const auto frame = encode(view);
  const auto read = decode_view(content_of(frame, frame_kind::view));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->term, view.term);
  EXPECT_EQ(read->supervisor, view.supervisor);
  EXPECT_EQ(read->wanted, view.wanted);
  EXPECT_EQ(read->values, view.values);
  EXPECT_EQ(read->models.current, view.models.current);
  EXPECT_EQ(read->models.proposed, view.models.proposed);
  EXPECT_EQ(read->models.wish, 77u);
  EXPECT_EQ(read->models.problem, "why not");
  ASSERT_EQ(read->firing.size(), 1u);
  EXPECT_EQ(read->firing[0].rule, 99u);
  EXPECT_EQ(read->firing[0].state.since, 1000);
  EXPECT_EQ(read->firing[0].state.said, 2000);
  ASSERT_EQ(read->nodes.size(), 2u);
  EXPECT_EQ(read->nodes[0].report, some_report());
  EXPECT_EQ(read->nodes[1].age_ms, 9000);
  EXPECT_EQ(read->windows, view.windows);
}

TEST(cluster_messages_test, a_request_comes_out_as_it_went_in) {
  for (const auto wanted : {goal::running, goal::paused, goal::drained, goal::stopped}) {
    const auto frame = encode(wanted);
    EXPECT_EQ(decode_request(content_of(frame, frame_kind::request)), wanted);
  }
}

TEST(cluster_messages_test, a_wish_comes_out_as_it_went_in) {
  const model_wish wish{
      0xfedcba9876543210, {{"risk", model_role::challenger, "/models/b.onnx", "ab", "cd", true, 0.05}}, true};
  const auto frame = encode(wish);
  const auto read = decode_wish(content_of(frame, frame_kind::wish));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, wish.id);
  EXPECT_EQ(read->models, wish.models);
  EXPECT_EQ(read->is_default, wish.is_default);
  for (std::size_t size = 0; size < frame.size(); ++size)
    if (const auto cut = open_frame(std::string_view{frame}.substr(0, size))) {
      EXPECT_FALSE(decode_wish(cut->content)) << size;
    }
}

TEST(cluster_messages_test, a_goal_that_this_version_does_not_know_is_refused) {
  auto request = encode(last_goal);
  ++request.back();
  EXPECT_FALSE(decode_request(content_of(request, frame_kind::request)));
  auto view = cluster_view{};
  view.wanted = static_cast<goal>(static_cast<int>(last_goal) + 1);
  const auto frame = encode(view);
  EXPECT_FALSE(decode_view(content_of(frame, frame_kind::view)));
}

TEST(cluster_messages_test, panes_travel_as_they_are) {
  const auto frame = frame_of_panes("bytes");
  EXPECT_EQ(content_of(frame, frame_kind::panes), "bytes");
}

TEST(cluster_messages_test, a_frame_that_was_cut_or_grew_is_refused) {
  const auto report = encode(some_report());
  const auto view = encode(some_view());
  for (std::size_t size = 0; size < report.size(); ++size)
    if (const auto frame = open_frame(std::string_view{report}.substr(0, size))) {
      EXPECT_FALSE(decode_report(frame->content)) << size;
    }
  for (std::size_t size = 0; size < view.size(); ++size)
    if (const auto frame = open_frame(std::string_view{view}.substr(0, size))) {
      EXPECT_FALSE(decode_view(frame->content)) << size;
    }
  EXPECT_FALSE(decode_report(open_frame(report + "x")->content));
  EXPECT_FALSE(decode_view(open_frame(view + "x")->content));
}

TEST(cluster_messages_test, another_protocol_is_refused) {
  auto frame = encode(goal::paused);
  frame[1] = cluster_protocol + 1;
  EXPECT_FALSE(open_frame(frame));
  EXPECT_FALSE(open_frame(std::string{"\x09\x02", 2}));
}

TEST(cluster_messages_test, no_byte_can_make_a_reader_fall) {
  const auto view = encode(some_view());
  for (std::size_t at = 2; at < view.size(); ++at)
    for (const char byte : {'\x00', '\x7f', '\xff'}) {
      auto changed = view;
      changed[at] = byte;
      const auto read = decode_view(open_frame(changed)->content);
      if (!read) {
        EXPECT_FALSE(read.error().what.empty()) << at;
        continue;
      }
      // What is read is a view: it travels on as it is.
      const auto again = encode(*read);
      const auto twice = decode_view(open_frame(again)->content);
      ASSERT_TRUE(twice) << at;
      EXPECT_EQ(encode(*twice), again) << at;
    }
}

} // namespace
} // namespace weir::core
