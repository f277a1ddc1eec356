#include "models/registry/audit_log.hpp"

#include <gtest/gtest.h>

namespace weir::models {
namespace {

using numbers = std::vector<std::uint64_t>;

log_entry entry(log_action action, std::uint64_t from, std::uint64_t to) {
  return {.action = action, .version = to, .alias = "champion", .from = from, .to = to};
}

log_entry of_version(log_action action, std::uint64_t version) {
  return {.action = action, .version = version};
}

numbers history(const std::vector<log_entry>& entries) {
  return history_of("champion", without_undone(entries));
}

TEST(audit_log_test, reads_the_lines_that_it_writes) {
  const log_entry written{
      "2026-01-05T13:45:10.123Z", "ann \"x\"", "höst", log_action::promoted, 3, "0f", "champion", 2, 3, "a\nb"};
  const auto line = line_of(written);
  EXPECT_EQ(line, "{\"time\":\"2026-01-05T13:45:10.123Z\",\"user\":\"ann \\\"x\\\"\",\"host\":\"höst\",\"action\":"
                  "\"promoted\",\"alias\":\"champion\",\"from\":2,\"to\":3,\"version\":3,\"digest\":\"0f\",\"note\":"
                  "\"a\\nb\"}\n");
  const auto log = *read_log(line + line_of(of_version(log_action::added, 4)), "log");
  ASSERT_EQ(log.entries.size(), 2u);
  EXPECT_EQ(line_of(log.entries[0]), line);
  EXPECT_EQ(log.entries[1].version, 4u);
}

TEST(audit_log_test, says_that_an_alias_had_no_version) {
  EXPECT_NE(line_of(entry(log_action::promoted, 0, 1)).find("\"from\":null,\"to\":1"), std::string::npos);
  EXPECT_NE(line_of(entry(log_action::removed, 1, 0)).find("\"from\":1,\"to\":null}"), std::string::npos);
}

TEST(audit_log_test, passes_over_a_half_line_at_its_end_wherever_it_was_cut) {
  const auto first = line_of(of_version(log_action::added, 1));
  const auto second = line_of(entry(log_action::promoted, 0, 1));
  for (std::size_t cut = 0; cut < second.size(); ++cut) {
    const auto log = read_log(first + second.substr(0, cut), "log");
    ASSERT_TRUE(log) << cut;
    const bool lacks_its_end_alone = cut + 1 == second.size();
    EXPECT_EQ(log->entries.size(), lacks_its_end_alone ? 2u : 1u) << cut;
    EXPECT_EQ(log->ends_without_line, lacks_its_end_alone);
    EXPECT_EQ(log->whole_bytes, lacks_its_end_alone ? first.size() + cut : first.size());
  }
}

TEST(audit_log_test, names_a_line_that_is_none) {
  const auto line = line_of(of_version(log_action::added, 1));
  for (const std::string wrong : {"", "{}", "[]", "x", "{\"action\":\"flew\"}"}) {
    const auto log = read_log(line + wrong + "\n" + line, "log");
    ASSERT_FALSE(log) << wrong;
    EXPECT_EQ(log.error().where, "log:2");
  }
}

TEST(audit_log_test, knows_which_versions_an_alias_has_had) {
  using enum log_action;
  EXPECT_EQ(history({}), numbers{0});
  EXPECT_EQ(history({entry(promoted, 0, 1), entry(promoted, 1, 2)}), (numbers{0, 1, 2}));
  EXPECT_EQ(history({entry(promoted, 0, 1), entry(promoted, 1, 2), entry(promoted, 2, 1)}), (numbers{0, 1, 2, 1}));
  EXPECT_EQ(history({entry(promoted, 0, 1), entry(promoted, 1, 2), entry(rolled_back, 2, 1)}), (numbers{0, 1}));
  EXPECT_EQ(history({entry(promoted, 0, 1), entry(removed, 1, 0), entry(rolled_back, 0, 1)}), (numbers{0, 1}));
  EXPECT_EQ(history({entry(promoted, 0, 1), entry(promoted, 1, 3), entry(promoted, 3, 2), entry(promoted, 2, 3),
                     entry(rolled_back, 3, 2), entry(rolled_back, 2, 3)}),
            (numbers{0, 1, 3}));
}

TEST(audit_log_test, leaves_out_what_was_undone) {
  using enum log_action;
  EXPECT_EQ(history({entry(promoted, 0, 1), entry(promoted, 1, 2), entry(undone, 2, 1)}), (numbers{0, 1}));
  EXPECT_EQ(history({entry(promoted, 0, 3), entry(promoted, 3, 2), entry(promoted, 2, 3), entry(rolled_back, 3, 2),
                     entry(undone, 2, 3)}),
            (numbers{0, 3, 2, 3}));
  const auto left = without_undone({of_version(added, 1), of_version(added, 2), of_version(undone, 2)});
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].version, 1u);
}

} // namespace
} // namespace weir::models
