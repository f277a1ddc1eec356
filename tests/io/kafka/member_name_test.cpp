#include "io/kafka/member_name.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

TEST(member_name_test, is_read_back_from_a_client_id) {
  const member_name name{"n..1", "a.b-c", 12, 1'700'000'000'000};
  const auto read = member_name::parse(name.client_id());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->client_id(), "n..1..a.b-c..12..1700000000000");
  EXPECT_EQ(read->node, "n..1");
  EXPECT_EQ(read->host, "a.b-c");
  EXPECT_EQ(read->process, 12);
  EXPECT_EQ(read->started, 1'700'000'000'000);
}

TEST(member_name_test, is_not_read_from_what_others_call_themselves) {
  for (const auto* text : {"", "rdkafka", "n1..", "n1..h..1", "n1..h..x..1", "n1..h..1..x", "..1..2", "n1..h..1..2 "})
    EXPECT_FALSE(member_name::parse(text)) << text;
}

TEST(member_name_test, the_later_of_two_processes_with_one_name_is_the_double) {
  const member_name first{"n1", "a", 1, 100};
  const member_name second{"n1", "b", 2, 200};
  EXPECT_TRUE(is_earlier_double(first, second));
  EXPECT_FALSE(is_earlier_double(second, first));
  EXPECT_FALSE(is_earlier_double(first, first));
  EXPECT_FALSE(is_earlier_double({"n2", "a", 1, 100}, second));
}

} // namespace
} // namespace weir::io
