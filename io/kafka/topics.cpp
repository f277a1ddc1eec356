#include "io/kafka/topics.hpp"

#include "io/kafka/backend.hpp"
#include "io/kafka/client.hpp"

namespace weir::io {

namespace {

using outcome = topic_check::outcome;
using std::chrono::milliseconds;

constexpr milliseconds answer_timeout{5000};

topic_check wrong(std::string what, std::string remedy) {
  return {outcome::wrong, {std::move(what), {}, std::move(remedy)}, 0};
}

topic_check not_yet(core::error why) {
  return {outcome::unreachable, std::move(why), 0};
}

core::result<client_ptr> connect(const std::string& brokers, const std::map<std::string, std::string>& properties) {
  // All are looked at, so that a wrong one is found at once; those that are not for a producer would only be complained
  // of.
  if (auto all = make_conf(properties_of(brokers, properties)); !all)
    return tl::unexpected{all.error()};
  auto conf = make_conf(properties_of(brokers, connection_properties(properties)));
  if (!conf)
    return tl::unexpected{conf.error()};
  keep_quiet(conf->get());
  return make_client(RD_KAFKA_PRODUCER, std::move(*conf));
}

/// Sees to one topic of the user's.
topic_check check(rd_kafka_t* client, const std::string& topic, const std::optional<config::topic_creation>& create,
                  const char* section) {
  auto found = partition_count(client, topic, answer_timeout);
  if (!found)
    return not_yet(found.error());
  if (*found == 0 && create) {
    const topic_request request{topic, create->partitions, create->replication_factor, {}};
    if (auto made = create_topics(client, {request}, answer_timeout); !made)
      return not_yet(made.error());
    found = create->partitions;
  }
  if (*found == 0)
    return wrong("the topic '" + topic + "' does not exist",
                 std::string{"make it, or add `create: { partitions: 8 }` to `"} + section + ".kafka`");
  return {outcome::ready, {}, *found};
}

topic_check check_own(rd_kafka_t* client, const std::string& pipeline, int source_partitions) {
  // -1: the broker's own replication factor.
  const std::vector<topic_request> own{
      {pipeline + "-state", source_partitions, -1, {{"cleanup.policy", "compact"}, {"segment.ms", "600000"}}},
      {pipeline + "-control", 1, -1, {{"cleanup.policy", "compact"}}}}; // the last announcement must not expire
  for (const auto& request : own) {
    auto found = partition_count(client, request.name, answer_timeout);
    if (!found)
      return not_yet(found.error());
    if (*found == 0) {
      if (auto made = create_topics(client, {request}, answer_timeout); !made)
        return not_yet(made.error());
      // Subscribers look a moment later: by then every broker has to know the topic.
      return not_yet({"the topic '" + request.name + "' has just been made", {}, {}});
    } else if (*found < request.partitions) {
      return wrong("the topic '" + request.name + "' has " + std::to_string(*found) + " partitions, the source has "
                       + std::to_string(request.partitions),
                   "give it as many with kafka-topics --alter");
    }
  }
  return {outcome::ready, {}, source_partitions};
}

} // namespace

topic_check prepare_topics(const config::pipeline& pipeline) {
  const auto* source = std::get_if<config::kafka_source>(&pipeline.source.from);
  std::map<std::string, client_ptr> clients;
  auto client_for = [&](const std::string& brokers,
                        const std::map<std::string, std::string>& properties) -> core::result<rd_kafka_t*> {
    auto& entry = clients[brokers];
    if (!entry) {
      auto made = connect(brokers, properties);
      if (!made)
        return tl::unexpected{made.error()};
      entry = std::move(*made);
    }
    return entry.get();
  };
  int partitions = 0;
  if (source != nullptr) {
    auto client = client_for(source->brokers, source->properties);
    if (!client)
      return wrong(client.error().what, client.error().remedy);
    auto found = check(*client, source->topic, source->create, "source");
    if (found.what != outcome::ready)
      return found;
    partitions = found.source_partitions;
    if (auto own = check_own(*client, pipeline.name, partitions); own.what != outcome::ready)
      return own;
  }
  const auto records = pipeline.sinks.size(); // alerts and dead letters, behind them, go where their keys say
  auto sinks = pipeline.sinks;
  sinks.insert(sinks.end(), pipeline.alert_sinks.begin(), pipeline.alert_sinks.end());
  if (pipeline.dead_letter)
    sinks.push_back(*pipeline.dead_letter);
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    const auto* kafka = std::get_if<config::kafka_sink>(&sinks[i].to);
    if (kafka == nullptr)
      continue;
    const bool shared = source != nullptr && (kafka->brokers.empty() || kafka->brokers == source->brokers);
    auto client = client_for(shared ? source->brokers : kafka->brokers, kafka->properties);
    if (!client)
      return wrong(client.error().what, client.error().remedy);
    const auto found = check(*client, kafka->topic, kafka->create, "sink");
    if (found.what != outcome::ready)
      return found;
    const bool keeps_partition = i < records && kafka->partition == config::partitioning::source;
    if (shared && keeps_partition && found.source_partitions < partitions)
      return wrong("the topic '" + kafka->topic + "' has " + std::to_string(found.source_partitions)
                       + " partitions, the source '" + source->topic + "' has " + std::to_string(partitions)
                       + ": a record goes out by the partition that it came in by",
                   "give it as many with kafka-topics --alter --partitions " + std::to_string(partitions)
                       + ", or let the sink choose with `partition: key`");
  }
  return {outcome::ready, {}, partitions};
}

} // namespace weir::io
