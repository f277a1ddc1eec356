#include "core/commit/lane_output.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using texts = std::vector<std::string>;

/// A batch is its name; one that begins with 0 has nothing to write.
class lane_output_test : public ::testing::Test, protected lane_output_commands<std::string, std::string> {
protected:
  using output = lane_output<std::string, std::string>;

  void begin_transaction() override { said.emplace_back("begin"); }
  written_batch write(const std::string& batch, std::uint64_t) override {
    said.push_back("write " + batch);
    return {batch.front() == '0' ? 0u : 1u, {{.received = 2, .emitted = 1, .filtered = 1}}};
  }
  void through(std::uint64_t ticket) override { said.push_back("through " + std::to_string(ticket)); }
  void write_changes(std::string& mark, epoch, offset) override { said.push_back("changes " + mark); }
  void arrived(epoch at) override { said.push_back("arrived " + std::to_string(value_of(at))); }
  void done(std::string mark, epoch, offset next, bool changed) override {
    said.push_back("done " + mark + (changed ? " to " + std::to_string(value_of(next)) : " unchanged"));
  }
  void failed() override { said.emplace_back("failed"); }
  void committed(offset next, const epoch_counts& counts) override {
    said.push_back("committed " + std::to_string(value_of(next)) + ": " + std::to_string(counts.records.received));
  }

  texts heard() { return std::exchange(said, {}); }

  texts said;
};

TEST_F(lane_output_test, lets_nothing_out_before_the_first_release_nor_between_a_barrier_and_its_commit) {
  output lane{*this, {offset{10}, output_rule::in_transaction}};
  lane.take("a");
  EXPECT_EQ(heard(), texts{});
  lane.release(false);
  EXPECT_EQ(heard(), (texts{"committed 10: 0", "begin", "write a"}));
  lane.take("m", epoch{1}, offset{12});
  lane.take("b");
  EXPECT_EQ(heard(), (texts{"changes m", "done m to 12"}));
  lane.release(false);
  EXPECT_EQ(heard(), (texts{"committed 12: 2", "begin", "write b"}));
}

TEST_F(lane_output_test, a_state_that_moved_without_records_is_written_and_committed) {
  output lane{*this, {offset{10}, output_rule::in_transaction}};
  lane.release(false);
  lane.take("0"); // labels alone
  lane.take("m", epoch{1}, offset{10}, true);
  EXPECT_EQ(heard(), (texts{"committed 10: 0", "begin", "write 0", "through 0", "changes m", "done m to 10"}));
  lane.release(false);
  lane.take("n", epoch{2}, offset{10});
  EXPECT_EQ(heard().back(), "done n unchanged");
}

TEST_F(lane_output_test, holds_a_second_barrier_behind_the_first) {
  output lane{*this, {offset{10}, output_rule::in_transaction}};
  lane.release(false);
  lane.take("m", epoch{1}, offset{10});
  lane.take("a");
  lane.take("n", epoch{2}, offset{12});
  EXPECT_EQ(heard(), (texts{"committed 10: 0", "done m unchanged"}));
  lane.release(true);
  EXPECT_EQ(heard(), texts{"committed 10: 0"}) << "it was the last";
}

TEST_F(lane_output_test, waits_for_what_stands_before_a_barrier_and_then_for_its_changes) {
  output lane{*this, {offset{10}, output_rule::before_the_state}};
  lane.release(false);
  lane.take("a");
  lane.take("b");
  lane.take("m", epoch{1}, offset{14});
  lane.take("c");
  EXPECT_EQ(heard(), (texts{"committed 10: 0", "write a", "write b", "arrived 1", "write c"}));
  lane.written(1, true);
  lane.written(2, true);
  EXPECT_EQ(heard(), (texts{"through 1", "through 2"}));
  lane.written(0, true);
  EXPECT_EQ(heard(), (texts{"through 0", "begin", "changes m"}));
  lane.changes_written(true);
  EXPECT_EQ(heard(), texts{"done m to 14"});
}

TEST_F(lane_output_test, is_through_at_once_with_a_batch_of_which_nothing_is_written) {
  output lane{*this, {offset{10}, output_rule::before_the_state}};
  lane.release(false);
  lane.take("0");
  EXPECT_EQ(heard(), (texts{"committed 10: 0", "write 0", "through 0"}));
}

TEST_F(lane_output_test, says_what_was_not_delivered_and_waits_on) {
  output lane{*this, {offset{10}, output_rule::before_the_state}};
  lane.release(false);
  lane.take("a");
  lane.take("m", epoch{1}, offset{12});
  heard();
  lane.written(0, false);
  EXPECT_EQ(heard(), texts{"failed"});
  lane.changes_written(false);
  EXPECT_EQ(heard(), texts{"failed"});
}

} // namespace
} // namespace weir::core
