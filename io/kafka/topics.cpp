#include "io/kafka/topics.hpp"

#include "io/kafka/names.hpp"

namespace weir::io {

namespace {

using outcome = preparation::outcome;
using std::chrono::milliseconds;

constexpr milliseconds answer_timeout{5000};

preparation not_yet(core::error why) {
  return {outcome::unreachable, std::move(why), 0};
}

core::result<client_ptr> connect(const config::connection& cluster) {
  // All are looked at, so that a wrong one is found at once; those that are not for a producer would only be complained
  // of.
  if (auto all = make_conf(properties_of(cluster.brokers, cluster.properties)); !all)
    return tl::unexpected{all.error()};
  auto conf = make_conf(properties_of(cluster.brokers, connection_properties(cluster.properties)));
  if (!conf)
    return tl::unexpected{conf.error()};
  keep_quiet(conf->get());
  return make_client(RD_KAFKA_PRODUCER, std::move(*conf));
}

preparation check(rd_kafka_t* client, const std::string& topic, const std::optional<topic_creation>& create,
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
    return is_wrong("the topic '" + topic + "' does not exist",
                    std::string{"make it, or add `create: { partitions: 8 }` to `"} + section + ".kafka`");
  return {outcome::ready, {}, *found};
}

preparation check_own(rd_kafka_t* client, const std::string& pipeline, int source_partitions) {
  // -1: the broker's own replication factor.
  const std::vector<topic_request> own{
      {state_topic_of(pipeline), source_partitions, -1, {{"cleanup.policy", "compact"}, {"segment.ms", "600000"}}},
      {control_topic_of(pipeline), 1, -1, {{"cleanup.policy", "compact"}}}}; // the last announcement must not expire
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
      return is_wrong("the topic '" + request.name + "' has " + std::to_string(*found) + " partitions, the source has "
                          + std::to_string(request.partitions),
                      "give it as many with kafka-topics --alter");
    }
  }
  return {outcome::ready, {}, source_partitions};
}

} // namespace

preparation is_wrong(std::string what, std::string remedy) {
  return {outcome::wrong, {std::move(what), {}, std::move(remedy)}, 0};
}

core::result<rd_kafka_t*> topic_clients::client_of(const config::connection& cluster) {
  auto& entry = clients_[cluster.brokers];
  if (!entry) {
    auto made = connect(cluster);
    if (!made)
      return tl::unexpected{made.error()};
    entry = std::move(*made);
  }
  return entry.get();
}

preparation prepare_topic(topic_clients& clients, const config::connection& cluster, const std::string& topic,
                          const std::optional<topic_creation>& create, const char* section) {
  auto client = clients.client_of(cluster);
  return client ? check(*client, topic, create, section) : is_wrong(client.error().what, client.error().remedy);
}

preparation prepare_own_topics(topic_clients& clients, const config::connection& cluster, const std::string& pipeline,
                               int source_partitions) {
  auto client = clients.client_of(cluster);
  return client ? check_own(*client, pipeline, source_partitions)
                : is_wrong(client.error().what, client.error().remedy);
}

} // namespace weir::io
