#include "cli/kafka_patience.hpp"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

class kafka_patience_test : public testing::Test {
protected:
  using seconds = std::chrono::seconds;

  kafka_patience::clock::time_point begin{};
  kafka_patience patience{"the topic 't'"};
};

TEST_F(kafka_patience_test, bears_a_partition_without_a_leader_until_the_bound) {
  EXPECT_TRUE(patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin));
  EXPECT_TRUE(patience.bears(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, begin + seconds{29}));
  EXPECT_FALSE(patience.is_over(begin + seconds{29}));
  EXPECT_FALSE(patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin + seconds{30}));
  EXPECT_TRUE(patience.is_over(begin + seconds{30}));
  EXPECT_STREQ(patience.reason(), rd_kafka_err2str(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION));
}

TEST_F(kafka_patience_test, bears_nothing_that_time_does_not_cure) {
  EXPECT_FALSE(patience.bears(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, begin));
  EXPECT_FALSE(patience.bears(RD_KAFKA_RESP_ERR__AUTHENTICATION, begin));
  EXPECT_FALSE(patience.is_over(begin + seconds{60}));
}

TEST_F(kafka_patience_test, has_the_whole_bound_again_after_a_good_answer) {
  EXPECT_TRUE(patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin));
  patience.end_wait();
  EXPECT_FALSE(patience.is_over(begin + seconds{60}));
  EXPECT_TRUE(patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin + seconds{60}));
}

TEST_F(kafka_patience_test, says_once_that_it_waits_when_it_takes_longer) {
  testing::internal::CaptureStderr();
  patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin);
  patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin + seconds{1});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin + seconds{3});
  patience.bears(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, begin + seconds{4});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), std::string{"weir: waiting for the topic 't': "}
                                                        + rd_kafka_err2str(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION)
                                                        + "\n");
}

} // namespace
} // namespace weir::cli
