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

TEST(kafka_failures_test, complaints_of_the_client_are_said_in_our_words) {
  const auto fenced = plain_complaint("FATAL", "[thrd:main]: Fatal error: Local: This instance has been fenced by a "
                                               "newer instance: Failed to commit transaction");
  EXPECT_NE(fenced.find("another producer has taken over"), std::string::npos) << fenced;
  EXPECT_EQ(plain_complaint("TXNERR", "Current transaction failed: Producer fenced by newer instance"), fenced);
  EXPECT_EQ(plain_complaint("ADDOFFSETS", "Failed to add offsets: There is a newer producer which fences this one"),
            fenced);
  EXPECT_EQ(plain_complaint("ADDOFFSETS", "an old epoch"), plain_complaint("TXNABORT", "something else"));
  const auto silent = plain_complaint("SESSTMOUT", "[thrd:main]: Consumer group session timed out after 2001 ms");
  EXPECT_EQ(silent, plain_complaint("SESSTMOUT", "[thrd:main]: Consumer group session timed out after 2999 ms"));
  EXPECT_NE(plain_complaint("WHATEVER", "a text").find("WHATEVER"), std::string::npos);
}

TEST(kafka_failures_test, a_refused_password_is_no_broker_out_of_reach) {
  const auto said = unreachable("c-auth", "sasl_ssl://localhost:1: SASL authentication error: Authentication failed: "
                                          "Invalid username or password");
  EXPECT_EQ(said.what.find("authentication failed at the Kafka brokers: sasl_ssl://localhost:1"), 0u) << said.what;
  EXPECT_NE(said.remedy.find("sasl.password"), std::string::npos);
  const auto untrusted = unreachable("c-tls", "ssl://localhost:1: SSL handshake failed: certificate verify failed");
  EXPECT_EQ(untrusted.what.find("the Kafka brokers' certificate is not trusted"), 0u) << untrusted.what;
  EXPECT_NE(untrusted.remedy.find("ssl.ca.location"), std::string::npos);
  EXPECT_EQ(unreachable("c-away", "localhost:1: Connection refused").what,
            "cannot reach the Kafka brokers: localhost:1: Connection refused");
}

} // namespace
} // namespace weir::io
