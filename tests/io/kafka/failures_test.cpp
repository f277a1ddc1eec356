#include "io/kafka/failures.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

TEST(kafka_failures_test, what_several_connections_say_of_one_broker_reads_the_same) {
  const std::string plain = "127.0.0.1:9092: Connect to ipv4#127.0.0.1:9092 failed: Connection refused";
  EXPECT_EQ(plain_failure("[thrd:127.0.0.1:9092/bootstrap]: 127.0.0.1:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 "
                          "failed: Connection refused (after 0ms in state CONNECT, 1 identical error(s) suppressed)"),
            plain);
  EXPECT_EQ(plain_failure("127.0.0.1:9092/1: Connect to ipv4#127.0.0.1:9092 failed: Connection refused"), plain);
  EXPECT_EQ(plain_failure("[thrd:TxnCoordinator]: TxnCoordinator: 127.0.0.1:9092: Connect to ipv4#127.0.0.1:9092 "
                          "failed: Connection refused (after 3ms in state CONNECT)"),
            plain);
}

TEST(kafka_failures_test, the_protocol_of_a_listener_stays) {
  EXPECT_EQ(plain_failure("ssl://localhost:9093/bootstrap: SSL handshake failed"),
            "ssl://localhost:9093: SSL handshake failed");
  EXPECT_EQ(plain_failure("ssl://localhost:9093: SSL handshake failed"), "ssl://localhost:9093: SSL handshake failed");
  EXPECT_EQ(plain_failure("2/2 brokers are down"), "2/2 brokers are down");
}

TEST(kafka_failures_test, a_failure_is_news_once) {
  EXPECT_TRUE(is_news("a"));
  EXPECT_FALSE(is_news("a"));
  EXPECT_TRUE(is_news("b"));
}

} // namespace
} // namespace weir::io
