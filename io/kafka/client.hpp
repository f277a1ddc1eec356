#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"
#include "io/kafka/handles.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace weir::io {

/// Any librdkafka property; later ones win.
using kafka_properties = std::map<std::string, std::string>;

/// A configuration from `properties`; an unknown property or a bad value is an error that names it (never its value:
/// it may be a secret). Log lines and errors of the client go to our log under `name`.
core::result<kafka_ptr<rd_kafka_conf_t>> make_conf(const kafka_properties& properties);

/// For a client whose user says himself that a broker cannot be reached, and why (see unreachable()).
void keep_quiet(rd_kafka_conf_t* conf);

/// Those of a user's properties that any client of the same cluster needs: TLS, SASL, sockets.
kafka_properties connection_properties(const kafka_properties& of);

/// `extra` with `bootstrap.servers` set.
kafka_properties properties_of(const std::string& brokers, const kafka_properties& extra);

/// A client of its own; takes the configuration.
core::result<client_ptr> make_client(rd_kafka_type_t type, kafka_ptr<rd_kafka_conf_t> conf);

/// One that needs no more than properties.
core::result<client_ptr> make_client(rd_kafka_type_t type, const kafka_properties& properties);

/// A consumer that belongs to no group and commits nothing.
/// @param quietly see keep_quiet()
core::result<client_ptr> make_reader(kafka_properties properties, bool quietly = false);

/// Partitions of a topic; 0 when there is no such topic; an error when the broker cannot be reached in time or refuses.
core::result<int> partition_count(rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout);

/// Where the logs of a topic's partitions begin (RD_KAFKA_OFFSET_BEGINNING) or end (RD_KAFKA_OFFSET_END, in front of
/// which open transactions lie). Those that no broker answers for within `timeout` are left out.
std::map<core::partition_id, core::offset> log_offsets(rd_kafka_t* client, const std::string& topic,
                                                       const std::vector<core::partition_id>& partitions,
                                                       std::int64_t which, std::chrono::milliseconds timeout);

struct topic_request {
  std::string name;
  int partitions = 1;
  int replication_factor = 1;
  std::map<std::string, std::string> config;
};

/// Makes topics and waits until the broker that answers knows them; one that exists is not an error. An error that is
/// unreachable may be over by the next try.
core::result<void> create_topics(rd_kafka_t* client, const std::vector<topic_request>& topics,
                                 std::chrono::milliseconds timeout);

} // namespace weir::io
