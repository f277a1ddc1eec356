#include "cli/kafka_options.hpp"

#include "config/addresses.hpp"

namespace weir::cli {

void add_kafka_options(arguments& verb, kafka_options& options) {
  verb.option("-b,--brokers", &options.brokers, "host:port, comma-separated")
      .or_variable("WEIR_BROKERS")
      .with_default();
  verb.option("-X", &options.properties, "Any property of librdkafka, name=value");
}

core::result<io::kafka_properties> properties_of(const kafka_options& options, io::kafka_properties defaults) {
  if (const auto good = config::check_addresses(options.brokers); !good)
    return tl::unexpected{good.error()};
  defaults["bootstrap.servers"] = options.brokers;
  for (const auto& property : options.properties) {
    const auto equals = property.find('=');
    if (equals == 0 || equals == std::string::npos)
      return core::fail("a Kafka property is name=value, not '" + property.substr(0, property.find(' ')) + "'");
    defaults[property.substr(0, equals)] = property.substr(equals + 1);
  }
  return defaults;
}

core::result<int> partitions_of(rd_kafka_t* client, const std::string& topic) {
  const auto count = io::partition_count(client, topic, answer_timeout);
  if (count && *count == 0)
    return core::fail("there is no topic '" + topic + "'", {},
                      "make it with 'weir produce ... --create PARTITIONS', or with Kafka's own tools");
  return count;
}

} // namespace weir::cli
