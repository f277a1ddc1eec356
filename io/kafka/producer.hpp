#pragma once

#include "core/commit/commit_protocol.hpp"
#include "io/kafka/partition_feed.hpp"
#include "io/kafka/topic_configuration.hpp"
#include "io/sink.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::io {

struct producer_options {
  kafka_properties properties;  ///< `bootstrap.servers` among them
  std::string transactional_id; ///< empty: no transactions
  topic_limits limits;          ///< of the topics that it writes to, as far as known
  std::chrono::milliseconds transaction_timeout{60'000};
};

/// The one producer of a node: outputs, dead letters, alerts and state changes of all lanes go through it, so that one
/// transaction can hold them. Blocks are not copied: librdkafka refers to their bytes until they are delivered.
///
/// produce() may be called from any thread, the transactional calls from one at a time. Writers hear of deliveries on
/// a thread of the producer's own, so that what waits for one goes on at once, whatever the actors do.
class kafka_producer {
public:
  static core::result<std::unique_ptr<kafka_producer>> make(const producer_options& options);
  ~kafka_producer();
  kafka_producer(const kafka_producer&) = delete;
  kafka_producer& operator=(const kafka_producer&) = delete;

  /// A topic that the producer writes to.
  struct target {
    std::string name;
    std::size_t limit = 0; ///< bytes of a batch that the broker takes
    kafka_ptr<rd_kafka_topic_t> handle;
    std::int32_t partitions = 0;                  ///< as far as known
    std::map<std::int32_t, partition_feed> feeds; ///< of the partitions that were written to
  };

  /// Lives as long as the producer. The topic's metadata is asked for, so that the first record does not wait.
  target& topic(const std::string& name);

  /// Writes a block to one partition; `partition` < 0: by the key, as Kafka's default partitioner does. Records that
  /// the topic does not take for their size are refused; with `whole`, one such fails the block. What fails a block
  /// before it is sent fails the transaction as well: send_offsets() and commit() say so, whoever hears of it first.
  std::vector<refusal> produce(target& to, std::int32_t partition, core::record_block_ptr block, delivered then,
                               bool whole = false);

  /// Writes dead letters, their coordinates in the record's headers. One that is too large for the topic is cut: then
  /// the header weir.cut says how many bytes the value had.
  void produce(const target& to, const std::vector<dead_letter>& letters, delivered then);

  core::broker_answer init_transactions(std::chrono::milliseconds timeout);
  core::broker_answer begin();
  core::broker_answer send_offsets(const std::string& topic, const std::vector<core::partition_offset>& offsets,
                                   const rd_kafka_consumer_group_metadata_t* group, std::chrono::milliseconds timeout);
  core::broker_answer commit(std::chrono::milliseconds timeout);
  core::broker_answer abort(std::chrono::milliseconds timeout);

  /// A broker refused a record for its size, against the limits that the producer was made with.
  bool size_was_refused() const noexcept { return size_refused_.load(std::memory_order_relaxed); }

  /// What the last answer other than ok said, for the log.
  const std::string& last_error() const noexcept { return last_error_; }

  rd_kafka_t* client() noexcept { return client_.get(); }

private:
  kafka_producer() = default;

  core::broker_answer answer(rd_kafka_error_t* error);
  core::broker_answer refuse_tainted();
  partition_feed& feed(target& to, std::int32_t partition);
  std::vector<partition_feed*> feeds();
  void ask_for_partitions(target& to);
  std::size_t number_of(const char* property) const;
  void fail(delivery& out);
  void drop_all();
  bool hand_over_all(std::chrono::milliseconds timeout);
  std::size_t send(const target& to, std::int32_t partition, delivery& from, std::size_t first, std::size_t end);
  static void on_delivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque);

  client_ptr client_;
  std::mutex topics_mutex_; ///< of the two maps, not of what is in them
  std::map<std::string, target> topics_;
  topic_limits limits_;
  std::size_t largest_record_ = 0;
  partition_feed::request_limits request_;
  std::atomic<bool> size_refused_{false};
  std::atomic<bool> tainted_{false}; ///< a record of the open transaction was not taken; librdkafka does not count it
  std::string last_error_;
  std::jthread reports_; ///< serves delivery reports
};

/// A topic as a sink or an alert channel.
class kafka_topic_sink final : public sink {
public:
  /// @param keep_partition false: records are spread by their key instead of going to the partition that they came in
  /// by.
  kafka_topic_sink(std::shared_ptr<kafka_producer> producer, const std::string& topic, bool keep_partition) :
      producer_{std::move(producer)}, topic_{producer_->topic(topic)}, keep_partition_{keep_partition} {}

  std::vector<refusal> write(core::record_block_ptr block, core::partition_id partition, delivered then) override {
    return producer_->produce(topic_, keep_partition_ ? value_of(partition) : RD_KAFKA_PARTITION_UA, std::move(block),
                              std::move(then));
  }

private:
  std::shared_ptr<kafka_producer> producer_;
  kafka_producer::target& topic_;
  bool keep_partition_;
};

/// `<pipeline>-state`: a lane's changes go to the partition of the lane's number.
class kafka_changelog final : public changelog {
public:
  kafka_changelog(std::shared_ptr<kafka_producer> producer, const std::string& topic) :
      producer_{std::move(producer)}, topic_{producer_->topic(topic)} {}

  std::vector<refusal> write(core::record_block_ptr changes, core::partition_id partition, delivered then) override {
    return producer_->produce(topic_, value_of(partition), std::move(changes), std::move(then), true);
  }

private:
  std::shared_ptr<kafka_producer> producer_;
  kafka_producer::target& topic_;
};

/// A topic of dead letters: key and value as they came, coordinates, stage, reason and time in headers.
class kafka_dead_letters final : public dead_letter_sink {
public:
  kafka_dead_letters(std::shared_ptr<kafka_producer> producer, const std::string& topic) :
      producer_{std::move(producer)}, topic_{producer_->topic(topic)} {}

  void write(const std::vector<dead_letter>& letters, delivered then) override {
    producer_->produce(topic_, letters, std::move(then));
  }

private:
  std::shared_ptr<kafka_producer> producer_;
  const kafka_producer::target& topic_;
};

} // namespace weir::io
