#pragma once

#include "cli/command_line.hpp"
#include "io/kafka/client.hpp"

#include <string>
#include <vector>

namespace weir::cli {

/// What every verb that speaks to Kafka asks for.
struct kafka_options {
  std::string brokers = "localhost:9092";
  std::vector<std::string> properties; ///< `name=value`, any of librdkafka's
};

void add_kafka_options(arguments& verb, kafka_options& options);

/// `defaults` with the brokers and the user's own properties over them. An error names an entry without `=`.
core::result<io::kafka_properties> properties_of(const kafka_options& options, io::kafka_properties defaults);

/// How long a verb waits for a broker's first answer.
inline constexpr std::chrono::seconds answer_timeout{10};

/// Partitions of a topic that has to be there.
core::result<int> partitions_of(rd_kafka_t* client, const std::string& topic);

} // namespace weir::cli
