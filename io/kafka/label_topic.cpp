#include "io/kafka/label_topic.hpp"

#include "io/kafka/failures.hpp"
#include "io/kafka/partition_source.hpp"

#include <chrono>
#include <utility>

namespace weir::io {

namespace {

constexpr std::chrono::seconds answer_timeout{10};

/// What belongs to the topic as a whole, and lives as long as one of its partitions is read.
struct opened_topic {
  std::shared_ptr<rd_kafka_t> client;
  std::string name;
  kafka_ptr<rd_kafka_topic_t> handle;

  ~opened_topic() { handle.reset(); } // before the client
};

/// A partition that is fetched as long as this lives.
class fetched_partition final : public record_source {
public:
  fetched_partition(std::shared_ptr<opened_topic> topic, core::partition_id id, std::int64_t from) :
      topic_{std::move(topic)}, id_{id} {
    auto queue = kafka_ptr<rd_kafka_queue_t>{rd_kafka_queue_new(topic_->client.get())};
    if (rd_kafka_consume_start_queue(topic_->handle.get(), value_of(id_), from, queue.get()) != 0)
      failure_ = core::error{"the labels of " + topic_->name + "/" + std::to_string(value_of(id_))
                                 + " cannot be read: " + rd_kafka_err2str(rd_kafka_last_error()),
                             {},
                             {}};
    records_.emplace(topic_->client, topic_->name, id_, std::move(queue));
  }
  ~fetched_partition() override {
    if (!failure_)
      rd_kafka_consume_stop(topic_->handle.get(), value_of(id_));
  }
  fetched_partition(const fetched_partition&) = delete;
  fetched_partition& operator=(const fetched_partition&) = delete;

  core::raw_block_ptr read(const read_limits& limits) override { return records_->read(limits); }
  void on_ready(std::function<void()> wake_up) override { records_->on_ready(std::move(wake_up)); }
  bool exhausted() const override { return false; }
  std::int64_t high_watermark() const override { return records_->high_watermark(); }
  std::optional<core::error> failure() const override { return failure_ ? failure_ : records_->failure(); }

private:
  std::shared_ptr<opened_topic> topic_;
  core::partition_id id_;
  std::optional<partition_source> records_;
  std::optional<core::error> failure_;
};

class kafka_label_topic final : public label_topic {
public:
  explicit kafka_label_topic(std::shared_ptr<opened_topic> topic) : topic_{std::move(topic)} {}

  const std::string& name() const noexcept override { return topic_->name; }

  record_source_ptr open(core::partition_id partition, std::optional<core::offset> from) override {
    return std::make_unique<fetched_partition>(topic_, partition,
                                               from ? value_of(*from) : std::int64_t{RD_KAFKA_OFFSET_BEGINNING});
  }

private:
  std::shared_ptr<opened_topic> topic_;
};

} // namespace

core::result<std::shared_ptr<label_topic>> open_label_topic(const kafka_properties& properties,
                                                            const std::string& topic, int source_partitions) {
  auto own = properties;
  own["group.id"] = "weir-labels"; // the client wants one
  own["enable.auto.commit"] = "false";
  own["enable.auto.offset.store"] = "false";
  own["isolation.level"] = "read_committed";
  own["auto.offset.reset"] = "earliest"; // what retention has removed is passed over
  auto conf = make_conf(own);
  if (!conf)
    return tl::unexpected{conf.error()};
  keep_quiet(conf->get()); // the group's client says the same
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
  if (!client)
    return tl::unexpected{client.error()};
  const auto partitions = partition_count(client->get(), topic, answer_timeout);
  if (!partitions)
    return tl::unexpected{partitions.error()};
  if (*partitions == 0)
    return core::fail("there is no topic '" + topic + "' of labels", {},
                      "make it, with as many partitions as the source");
  if (*partitions != source_partitions)
    return core::fail("the topic '" + topic + "' of labels has " + std::to_string(*partitions)
                          + " partitions, and the source " + std::to_string(source_partitions),
                      {}, "labels meet the records of the same key in the same partition: give both as many");
  auto opened = std::make_shared<opened_topic>();
  opened->client = std::move(*client);
  opened->name = topic;
  opened->handle.reset(rd_kafka_topic_new(opened->client.get(), topic.c_str(), nullptr));
  return std::make_shared<kafka_label_topic>(std::move(opened));
}

} // namespace weir::io
