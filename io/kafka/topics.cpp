#include "io/kafka/topics.hpp"

#include "core/keyed/key_table.hpp"
#include "core/keyed/state_share.hpp"
#include "io/kafka/names.hpp"
#include "io/kafka/topic_configuration.hpp"
#include "io/news.hpp"

namespace weir::io {

namespace {

using outcome = preparation::outcome;
using std::chrono::milliseconds;

constexpr milliseconds answer_timeout{5000};

/// Of Weir's own topics: any record of a state fits, and Kafka's default is a little more.
constexpr std::size_t least_message_bytes = 1'000'000;
static_assert(core::largest_state_of_a_key + core::max_key_bytes + 1024 <= least_message_bytes);

preparation not_yet(core::error why) {
  return {outcome::unreachable, std::move(why), 0};
}

preparation not_made(core::error why) {
  return {why.is_unreachable ? outcome::unreachable : outcome::wrong, std::move(why), 0};
}

core::result<client_ptr> connect(const config::connection& cluster) {
  // All are looked at, so that a wrong one is found at once; those that are not for this client would only be
  // complained of.
  if (auto all = make_conf(properties_of(cluster.brokers, cluster.properties)); !all)
    return tl::unexpected{all.error()};
  auto conf = make_conf(properties_of(cluster.brokers, connection_properties(cluster.properties)));
  if (!conf)
    return tl::unexpected{conf.error()};
  keep_quiet(conf->get());
  // A consumer's look-up makes no topic where the broker makes them by themselves; a producer's does.
  return make_client(RD_KAFKA_CONSUMER, std::move(*conf));
}

preparation check(rd_kafka_t* client, const std::string& topic, const std::optional<topic_creation>& create,
                  const char* section) {
  auto found = partition_count(client, topic, answer_timeout);
  if (!found)
    return not_yet(found.error());
  if (*found == 0 && create) {
    const topic_request request{topic, create->partitions, create->replication_factor, {}};
    if (auto made = create_topics(client, {request}, answer_timeout); !made)
      return not_made(made.error());
    found = create->partitions;
  } else if (create && *found != 0 && *found != create->partitions) {
    warn_of("the topic '" + topic + "' is there already and keeps its " + std::to_string(*found)
            + " partitions; 'create' in " + section + ".kafka says " + std::to_string(create->partitions));
  }
  if (*found == 0)
    return is_wrong("the topic '" + topic + "' does not exist",
                    std::string{"make it, or add `create: { partitions: 8 }` to `"} + section + ".kafka`");
  return {outcome::ready, {}, *found};
}

/// A topic of ours that somebody else has made, or changed, loses what must not be lost.
preparation check_configuration(rd_kafka_t* client, const std::string& topic) {
  const auto described = describe_topics(client, {topic}, answer_timeout);
  if (!described)
    return not_yet(described.error());
  const auto found = described->find(topic);
  if (found == described->end())
    return {};
  const auto change = [&](const std::string& to) {
    return "kafka-configs --bootstrap-server ... --alter --entity-type topics --entity-name " + topic + " --add-config "
           + to;
  };
  if (const auto& policy = found->second.cleanup_policy; policy != "compact")
    return is_wrong("the topic '" + topic + "' has cleanup.policy=" + policy + ", and what it keeps must not expire",
                    change("cleanup.policy=compact"));
  if (const auto limit = found->second.max_message_bytes; limit && *limit < least_message_bytes)
    return is_wrong("the topic '" + topic + "' has max.message.bytes=" + std::to_string(*limit)
                        + ", and a record of the state may have " + std::to_string(least_message_bytes),
                    change("max.message.bytes=1048588"));
  return {};
}

preparation check_own(rd_kafka_t* client, const std::string& pipeline, int source_partitions) {
  // -1: the broker's own replication factor.
  const std::vector<topic_request> own{
      {state_topic_of(pipeline),
       source_partitions,
       -1,
       {{"cleanup.policy", "compact"}, {"segment.ms", "600000"}, {"max.message.bytes", "1048588"}}},
      {control_topic_of(pipeline), 1, -1, {{"cleanup.policy", "compact"}}}}; // the last announcement must not expire
  for (const auto& request : own) {
    auto found = partition_count(client, request.name, answer_timeout);
    if (!found)
      return not_yet(found.error());
    if (*found == 0) {
      if (auto made = create_topics(client, {request}, answer_timeout); !made)
        return not_made(made.error());
      // Subscribers look a moment later: by then every broker has to know the topic.
      return not_yet({"the topic '" + request.name + "' has just been made", {}, {}});
    }
    if (request.name == control_topic_of(pipeline) && *found != 1)
      return is_wrong("the topic '" + request.name + "' has " + std::to_string(*found)
                          + " partitions, and must have one: whoever is assigned it leads",
                      "kafka-topics --bootstrap-server ... --delete --topic " + request.name + "; it is made anew");
    if (*found < request.partitions)
      return is_wrong("the topic '" + request.name + "' has " + std::to_string(*found) + " partitions, the source has "
                          + std::to_string(request.partitions),
                      "kafka-topics --bootstrap-server ... --alter --topic " + request.name + " --partitions "
                          + std::to_string(request.partitions)
                          + "; where partitions were added, a key that goes to another one begins anew there");
    if (auto checked = check_configuration(client, request.name); checked.what != outcome::ready)
      return checked;
  }
  return {outcome::ready, {}, source_partitions};
}

} // namespace

core::result<void> check_client(const config::connection& cluster) {
  auto properties = connection_properties(cluster.properties);
  properties["log_level"] = "0"; // it would complain that it knows no broker
  return make_client(RD_KAFKA_CONSUMER, properties).map([](const auto&) {});
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
