#pragma once

#include "core/commit/commit_protocol.hpp"
#include "io/kafka/client.hpp"
#include "io/record_source.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::io {

struct consumer_options {
  kafka_properties properties; ///< `bootstrap.servers`, `group.id` among them
  std::string topic;           ///< the source
  std::string control_topic;   ///< `<pipeline>-control`; whoever is assigned its one partition leads. Empty: none
  std::size_t queue_bytes = 64u << 20; ///< what librdkafka may hold ready
  int partitions = 1; ///< of the source, which share it: the client's own bound is one for each partition
};

/// A partition of a topic.
struct topic_partition {
  std::string topic;
  core::partition_id partition{};
};

/// What a poll of the group brought.
struct group_event {
  enum class kind : std::uint8_t { none, assigned, revoked, lost, error } what = kind::none;
  std::vector<topic_partition> partitions;
  std::string text; ///< of an error
};

/// A member of the pipeline's consumer group. Records do not come through poll(): each partition has a queue of its
/// own, which partition() hands out. One thread polls, assigns and unassigns; the partition sources must be idle
/// meanwhile.
class kafka_consumer {
public:
  static core::result<std::unique_ptr<kafka_consumer>> make(const consumer_options& options);
  ~kafka_consumer();
  kafka_consumer(const kafka_consumer&) = delete;
  kafka_consumer& operator=(const kafka_consumer&) = delete;

  /// `wake_up` is called from librdkafka's threads when poll() has something to do.
  void on_event(std::function<void()> wake_up);

  core::result<void> subscribe();

  /// The next event of the group, waiting at most `timeout`. After `assigned`, call assign(); after `revoked` and
  /// `lost`, unassign(); the group waits for it.
  group_event poll(std::chrono::milliseconds timeout);

  /// Detaches the partition's queue and makes a source of it. To be called before assign() and destroyed before
  /// unassign().
  record_source_ptr partition(core::partition_id partition);

  /// Starts fetching: the source's partitions from these offsets. An offset below 0 is RD_KAFKA_OFFSET_BEGINNING or
  /// _END.
  core::result<void> assign(const std::vector<core::partition_offset>& from, bool with_control);
  void unassign();

  /// The group's committed offsets; -1 (value_of) where there is none. Waits for transactions that are still open.
  core::result<std::vector<core::partition_offset>> committed(const std::vector<core::partition_id>& partitions,
                                                              std::chrono::milliseconds timeout);

  /// Commits offsets outside a transaction (at least once), and waits for the answer.
  core::broker_answer commit(const std::vector<core::partition_offset>& offsets);

  /// Leaves the group, waiting at most so long. No call but the destructor after it.
  void close(std::chrono::milliseconds timeout);

  /// The group's metadata for send_offsets_to_transaction.
  kafka_ptr<rd_kafka_consumer_group_metadata_t> group_metadata() const {
    return kafka_ptr<rd_kafka_consumer_group_metadata_t>{rd_kafka_consumer_group_metadata(client_.get())};
  }

  rd_kafka_t* client() noexcept { return client_.get(); }

private:
  kafka_consumer() = default;
  static void on_queue_event(rd_kafka_t* client, void* opaque);

  consumer_options options_;
  client_ptr client_;
  kafka_ptr<rd_kafka_queue_t> events_;
  std::function<void()> on_event_;
};

} // namespace weir::io
