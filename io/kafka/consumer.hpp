#pragma once

#include "io/consumer_group.hpp"
#include "io/kafka/client.hpp"
#include "io/kafka/member_name.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// Where partitions begin that the group has no offset of, where that is neither end of the log.
struct start_places {
  std::optional<std::int64_t> time_ms{};                ///< with the first record of this time or later
  std::map<core::partition_id, core::offset> offsets{}; ///< with this record; these go before the time
};

struct consumer_options {
  kafka_properties properties; ///< `bootstrap.servers`, `group.id` among them
  std::string topic;           ///< the source
  std::string control_topic;   ///< `<pipeline>-control`; whoever is assigned its one partition leads. Empty: none
  std::size_t queue_bytes = 64u << 20; ///< what librdkafka may hold ready
  std::string member;                  ///< the node's name, which its members have in their client.id
  int partitions = 1; ///< of the source, which share it: the client's own bound is one for each partition
  std::vector<std::string> headers{}; ///< that are read of records
  start_places start{};
};

/// The consumer group by librdkafka: each partition has a queue of its own there.
class kafka_consumer final : public consumer_group {
public:
  static core::result<std::unique_ptr<kafka_consumer>> make(const consumer_options& options);
  ~kafka_consumer() override;
  kafka_consumer(const kafka_consumer&) = delete;
  kafka_consumer& operator=(const kafka_consumer&) = delete;

  void on_event(std::function<void()> wake_up) override;
  core::result<void> subscribe() override;
  void unsubscribe() override;
  group_event poll() override;
  record_source_ptr partition(core::partition_id partition) override;
  core::result<void> assign(const std::vector<core::partition_offset>& from, bool with_control) override;
  void unassign() override;
  core::result<std::vector<core::group_place>> places(const std::vector<core::partition_id>& partitions,
                                                      std::chrono::milliseconds timeout) override;
  bool is_answered(std::chrono::milliseconds timeout) override;
  std::optional<std::string> earlier_double() override;
  void close(std::chrono::milliseconds timeout) override;

  /// The group's metadata for send_offsets_to_transaction.
  kafka_ptr<rd_kafka_consumer_group_metadata_t> group_metadata() const {
    return kafka_ptr<rd_kafka_consumer_group_metadata_t>{rd_kafka_consumer_group_metadata(client_.get())};
  }

private:
  explicit kafka_consumer(consumer_options options);
  core::result<void> open();
  core::result<void> move_starts(std::vector<core::group_place>& places, std::chrono::milliseconds timeout) const;
  static void on_queue_event(rd_kafka_t* client, void* opaque);

  consumer_options options_;
  member_name self_;
  std::shared_ptr<rd_kafka_t> client_; ///< null while it has left the group; its partitions keep it
  kafka_ptr<rd_kafka_queue_t> events_;
  std::function<void()> on_event_;
};

} // namespace weir::io
