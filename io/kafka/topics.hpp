#pragma once

#include "config/endpoint.hpp"
#include "io/kafka/client.hpp"
#include "io/preparation.hpp"

#include <map>
#include <optional>
#include <string>

namespace weir::io {

/// Settings of a topic, for `create:`.
struct topic_creation {
  int partitions = 1;
  int replication_factor = 1;
};

/// Clients that look at topics, one for each cluster.
class topic_clients {
public:
  /// An error names a property that is wrong.
  core::result<rd_kafka_t*> client_of(const config::connection& cluster);

private:
  std::map<std::string, client_ptr> clients_; ///< by brokers
};

/// Whether a client can be made with these properties, which reads certificates and keys; no broker is asked.
core::result<void> check_client(const config::connection& cluster);

/// Sees to a topic of the user's: makes it if it may, else checks that it is there.
/// @param section for messages: `source`, `sink`
preparation prepare_topic(topic_clients& clients, const config::connection& cluster, const std::string& topic,
                          const std::optional<topic_creation>& create, const char* section);

/// Sees to the topics that are Weir's own: `<pipeline>-state`, compacted, partitioned as the source; and
/// `<pipeline>-control`, one partition.
preparation prepare_own_topics(topic_clients& clients, const config::connection& cluster, const std::string& pipeline,
                               int source_partitions);

} // namespace weir::io
