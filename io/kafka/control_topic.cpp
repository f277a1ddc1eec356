#include "io/kafka/control_topic.hpp"

#include "io/json_document.hpp"

#include <simdjson.h>
#include <spdlog/spdlog.h>

namespace weir::io {

namespace {

constexpr std::int32_t only_partition = 0;

class kafka_control_topic final : public control_topic {
public:
  /// @param writing of the producer, which only a supervisor needs
  kafka_control_topic(client_ptr consumer, kafka_properties writing, std::string topic) :
      consumer_{std::move(consumer)}, writing_{std::move(writing)}, topic_{std::move(topic)} {}

  core::result<void> begin() {
    const auto where = make_partition_list(1);
    rd_kafka_topic_partition_list_add(where.get(), topic_.c_str(), only_partition)->offset = RD_KAFKA_OFFSET_TAIL(1);
    if (const auto err = rd_kafka_assign(consumer_.get(), where.get()); err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return core::fail(std::string{"cannot read the topic '"} + topic_ + "': " + rd_kafka_err2str(err));
    return {};
  }

  std::optional<announcement> poll() override {
    if (producer_)
      rd_kafka_poll(producer_.get(), 0);
    std::optional<announcement> newest;
    while (const auto message = kafka_ptr<rd_kafka_message_t>{rd_kafka_consumer_poll(consumer_.get(), 0)}) {
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        continue; // the group's client tells of brokers that are away
      auto read = decode_announcement({static_cast<const char*>(message->payload), message->len});
      if (!read) {
        spdlog::warn("{}@{}: {}", topic_, message->offset, read.error().text());
        continue;
      }
      read->term = message->offset;
      newest = *std::move(read);
    }
    return newest;
  }

  void announce(const announcement& self) override {
    if (auto ready = make_producer(); !ready) {
      spdlog::error("{}", ready.error().text());
      return;
    }
    const auto text = encode(self);
    const auto err =
        rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(only_partition),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY("supervisor", 10),
                          // The API takes a pointer to bytes that it copies and does not change.
                          RD_KAFKA_V_VALUE(const_cast<char*>(text.data()), text.size()), RD_KAFKA_V_END);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
      spdlog::error("{}: {}", topic_, rd_kafka_err2str(err));
  }

private:
  core::result<void> make_producer() {
    if (producer_)
      return {};
    auto made = make_client(RD_KAFKA_PRODUCER, writing_);
    if (!made)
      return tl::unexpected{made.error()};
    producer_ = std::move(*made);
    return {};
  }

  client_ptr consumer_;
  client_ptr producer_; ///< made when it is needed
  kafka_properties writing_;
  std::string topic_;
};

} // namespace

core::result<std::unique_ptr<control_topic>> open_control_topic(const kafka_properties& properties,
                                                                const std::string& topic) {
  auto reading = properties;
  reading["auto.offset.reset"] = "earliest";
  reading["fetch.wait.max.ms"] = "500";
  reading["queued.max.messages.kbytes"] = "1024";
  reading["isolation.level"] = "read_uncommitted";
  auto writing = properties;
  writing["enable.idempotence"] = "true";
  writing["message.timeout.ms"] = "0"; // until it is delivered
  auto consumer = make_reader(std::move(reading));
  if (!consumer)
    return tl::unexpected{consumer.error()};
  auto out = std::make_unique<kafka_control_topic>(std::move(*consumer), std::move(writing), topic);
  if (auto begun = out->begin(); !begun)
    return tl::unexpected{begun.error()};
  return out;
}

std::string encode(const announcement& self) {
  json_document out;
  out.begin_object().member("node", self.node).member("host", self.host);
  out.member("port", static_cast<std::uint64_t>(self.port)).member("incarnation", self.incarnation);
  out.member("key", self.key).end_object();
  return out.text();
}

core::result<announcement> decode_announcement(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  announcement out;
  std::string_view node;
  std::string_view host;
  std::string_view key;
  std::uint64_t port = 0;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS
      || root["node"].get(node) != simdjson::SUCCESS || root["host"].get(host) != simdjson::SUCCESS
      || root["port"].get(port) != simdjson::SUCCESS || port > 65535
      || root["incarnation"].get(out.incarnation) != simdjson::SUCCESS || root["key"].get(key) != simdjson::SUCCESS)
    return core::fail("this is not the announcement of a supervisor", {}, "does something else write to this topic?");
  out.node = node;
  out.host = host;
  out.key = key;
  out.port = static_cast<std::uint16_t>(port);
  return out;
}

} // namespace weir::io
