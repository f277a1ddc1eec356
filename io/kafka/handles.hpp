#pragma once

#include <memory>
#include <span>

#include <librdkafka/rdkafka.h>

// Owning handles of librdkafka's objects.

namespace weir::io {

struct kafka_deleter {
  void operator()(rd_kafka_conf_t* p) const noexcept { rd_kafka_conf_destroy(p); }
  void operator()(rd_kafka_queue_t* p) const noexcept { rd_kafka_queue_destroy(p); }
  void operator()(rd_kafka_topic_t* p) const noexcept { rd_kafka_topic_destroy(p); }
  void operator()(rd_kafka_topic_partition_list_t* p) const noexcept { rd_kafka_topic_partition_list_destroy(p); }
  void operator()(rd_kafka_event_t* p) const noexcept { rd_kafka_event_destroy(p); }
  void operator()(rd_kafka_message_t* p) const noexcept { rd_kafka_message_destroy(p); }
  void operator()(rd_kafka_error_t* p) const noexcept { rd_kafka_error_destroy(p); }
  void operator()(rd_kafka_consumer_group_metadata_t* p) const noexcept { rd_kafka_consumer_group_metadata_destroy(p); }
  void operator()(rd_kafka_NewTopic_t* p) const noexcept { rd_kafka_NewTopic_destroy(p); }
  void operator()(rd_kafka_ConfigResource_t* p) const noexcept { rd_kafka_ConfigResource_destroy(p); }
  void operator()(rd_kafka_AdminOptions_t* p) const noexcept { rd_kafka_AdminOptions_destroy(p); }
};

template <class T>
using kafka_ptr = std::unique_ptr<T, kafka_deleter>;

/// Ends a client without waiting for a group to answer; pending messages are dropped.
struct client_deleter {
  void operator()(rd_kafka_t* p) const noexcept;
};
using client_ptr = std::unique_ptr<rd_kafka_t, client_deleter>;

inline kafka_ptr<rd_kafka_topic_partition_list_t> make_partition_list(int capacity) {
  return kafka_ptr<rd_kafka_topic_partition_list_t>{rd_kafka_topic_partition_list_new(capacity)};
}

inline std::span<const rd_kafka_topic_partition_t> entries_of(const rd_kafka_topic_partition_list_t& list) {
  return {list.elems, static_cast<std::size_t>(list.cnt)};
}

} // namespace weir::io
