#include "core/cluster/model_swap.hpp"

#include "core/cluster/told_wishes.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using namespace std::chrono_literals;

class model_swap_test : public ::testing::Test {
protected:
  static chosen_model chosen(const std::string& step, const std::string& path) {
    chosen_model model;
    model.step = step;
    model.path = path;
    model.digest = "digest of " + path;
    model.named = "a.onnx";
    model.is_pinned = true;
    return model;
  }

  static model_wish wish_for(const std::string& step, const std::string& path) {
    static std::uint64_t last = 0;
    model_wish wish;
    wish.id = ++last;
    wish.models = {chosen(step, path)};
    return wish;
  }

  static std::string path_of(const model_choice& choice, const std::string& step) {
    const auto* chosen = choice.of(step);
    return chosen == nullptr ? "" : chosen->path;
  }

  /// All nodes have tried what is proposed, and can.
  void all_can() {
    const auto number = swap.view().proposed ? swap.view().proposed->number : 0;
    swap.look({{"n1", {number, {}}}, {"n2", {number, {}}}}, now);
  }

  model_swap::instant now{};
  model_swap swap{30s};
};

TEST_F(model_swap_test, changes_nothing_before_all_nodes_have_said_that_they_can) {
  const auto wish = wish_for("risk", "b.onnx");
  swap.hear(wish, now);
  ASSERT_TRUE(swap.view().proposed);
  EXPECT_EQ(path_of(*swap.view().proposed, "risk"), "b.onnx");
  EXPECT_EQ(swap.view().wish, wish.id);
  swap.look({{"n1", {1, {}}}, {"n2", {}}}, now);
  EXPECT_EQ(swap.view().current.number, 0u);
  swap.look({{"n1", {1, {}}}, {"n2", {1, {}}}}, now);
  EXPECT_EQ(path_of(swap.view().current, "risk"), "b.onnx");
  EXPECT_EQ(swap.view().current.number, 1u);
  EXPECT_FALSE(swap.view().proposed);
  EXPECT_EQ(swap.view().problem, "");
}

TEST_F(model_swap_test, changes_nothing_when_a_node_cannot_and_says_which_and_why) {
  swap.hear(wish_for("risk", "b.onnx"), now);
  swap.look({{"n1", {1, {}}}, {"n2", {1, "no such file"}}}, now);
  EXPECT_EQ(swap.view().current.number, 0u);
  EXPECT_FALSE(swap.view().proposed);
  EXPECT_EQ(swap.view().problem, "node 'n2': no such file");
  // What was refused does not count for what comes next: its number is not given again.
  swap.hear(wish_for("risk", "c.onnx"), now);
  swap.look({{"n1", {1, {}}}, {"n2", {1, "no such file"}}}, now);
  ASSERT_TRUE(swap.view().proposed);
  EXPECT_EQ(swap.view().proposed->number, 2u);
  EXPECT_EQ(swap.view().problem, "");
}

TEST_F(model_swap_test, waits_for_a_silent_node_no_longer_than_it_has_patience) {
  swap.hear(wish_for("risk", "b.onnx"), now);
  now += 30s;
  swap.look({{"n1", {1, {}}}, {"n2", {}}}, now);
  EXPECT_TRUE(swap.view().proposed);
  now += 1ms;
  swap.look({{"n1", {1, {}}}, {"n2", {}}}, now);
  EXPECT_EQ(swap.view().problem, "node 'n2' does not say whether it can");
  EXPECT_FALSE(swap.view().proposed);
}

TEST_F(model_swap_test, takes_wishes_one_by_one_and_of_several_for_a_step_the_newest) {
  swap.hear(wish_for("risk", "b.onnx"), now);
  swap.hear(wish_for("price", "p.onnx"), now);
  swap.hear(wish_for("price", "q.onnx"), now);
  all_can();
  EXPECT_EQ(path_of(swap.view().current, "price"), "");
  all_can();
  EXPECT_EQ(path_of(swap.view().current, "risk"), "b.onnx");
  EXPECT_EQ(path_of(swap.view().current, "price"), "q.onnx");
  EXPECT_EQ(swap.view().current.number, 2u);
  EXPECT_FALSE(swap.view().proposed);
}

TEST_F(model_swap_test, goes_on_with_the_next_wish_when_one_is_refused) {
  swap.hear(wish_for("risk", "b.onnx"), now);
  swap.hear(wish_for("price", "p.onnx"), now);
  swap.look({{"n1", {1, "it does not fit"}}}, now);
  ASSERT_TRUE(swap.view().proposed);
  EXPECT_EQ(path_of(*swap.view().proposed, "price"), "p.onnx");
  EXPECT_EQ(path_of(*swap.view().proposed, "risk"), "");
}

TEST_F(model_swap_test, ignores_a_wish_that_comes_again_and_one_that_is_so_already) {
  const auto wish = wish_for("risk", "b.onnx");
  swap.hear(wish, now);
  all_can();
  swap.hear(wish, now);
  EXPECT_FALSE(swap.view().proposed);
  auto again = wish;
  again.id += 1000;
  swap.hear(again, now);
  EXPECT_FALSE(swap.view().proposed);
  EXPECT_EQ(swap.view().wish, again.id);
  EXPECT_EQ(swap.view().current.number, 1u);
}

TEST_F(model_swap_test, goes_back_to_the_model_of_the_pipeline_file) {
  swap.hear(wish_for("risk", "b.onnx"), now);
  all_can();
  auto wish = wish_for("risk", "");
  wish.is_default = true;
  swap.hear(wish, now);
  all_can();
  EXPECT_EQ(swap.view().current.number, 2u);
  EXPECT_TRUE(swap.view().current.models.empty());
}

TEST_F(model_swap_test, takes_over_what_its_predecessor_had_proposed_and_what_nodes_have) {
  const auto wish = wish_for("risk", "b.onnx");
  swap.hear(wish, now);
  model_swap successor;
  successor.adopt(swap.view(), now);
  ASSERT_TRUE(successor.view().proposed);
  successor.hear(wish, now); // told again
  successor.look({{"n1", {1, {}}}}, now);
  EXPECT_EQ(path_of(successor.view().current, "risk"), "b.onnx");
  EXPECT_FALSE(successor.view().proposed);

  // A node took over lanes whose state was committed with newer models than anybody knows here.
  auto newer = successor.view().current;
  newer.number = 9;
  newer.models[0].path = "newer.onnx";
  successor.adopt(newer);
  EXPECT_EQ(path_of(successor.view().current, "risk"), "newer.onnx");
  successor.adopt(swap.view().current);
  EXPECT_EQ(successor.view().current.number, 9u);
  successor.hear(wish_for("risk", "c.onnx"), now);
  EXPECT_EQ(successor.view().proposed->number, 10u);
}

TEST_F(model_swap_test, drops_a_proposal_that_is_older_than_what_a_node_has) {
  swap.hear(wish_for("risk", "b.onnx"), now);
  swap.adopt(model_choice{5, {}});
  EXPECT_FALSE(swap.view().proposed);
  EXPECT_EQ(swap.view().current.number, 5u);
}

TEST(told_wishes_test, are_told_again_until_a_view_shows_them_or_they_are_too_old) {
  told_wishes wishes{10s};
  told_wishes::instant now{};
  model_wish first, second;
  first.id = 1;
  second.id = 2;
  wishes.add(first, now);
  wishes.add(second, now + 5s);
  EXPECT_EQ(wishes.due(now + 6s).size(), 2u);
  model_swap_view view;
  view.wish = 2;
  wishes.hear(view);
  ASSERT_EQ(wishes.due(now + 10s).size(), 1u);
  EXPECT_EQ(wishes.due(now + 10s)[0].id, 1u);
  EXPECT_TRUE(wishes.due(now + 11s).empty());
}

TEST(model_choice_test, comes_out_of_a_lanes_state_as_it_went_in_and_damage_is_an_error) {
  const model_choice choice{7,
                            {{"risk", model_role::champion, "/m/b.onnx", "abc", "a.onnx", true, 0},
                             {"risk", model_role::challenger, "/m/c.onnx", "def", {}, false, 0.05},
                             {"price", model_role::champion, "/m/p.onnx", "1", "2", false, 0}}};
  const auto bytes = encode_model_choice(choice);
  const auto read = decode_model_choice(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, choice);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_model_choice(bytes.substr(0, size))) << size;
  EXPECT_FALSE(decode_model_choice(bytes + "x"));
  EXPECT_FALSE(decode_model_choice("\x02" + bytes.substr(1)));
}

} // namespace
} // namespace weir::core
