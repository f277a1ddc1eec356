#include "io/kafka/properties.hpp"
#include "io/kafka/source.hpp"
#include "io/kinds.hpp"
#include "io/output_opener.hpp"

#include <algorithm>
#include <ranges>
#include <string_view>

namespace weir::io {

namespace {

using namespace config;

/// Which partition of the topic a record goes to.
enum class partitioning : std::uint8_t {
  source, ///< the one of the number of that it came in by; in another cluster than the source's, as `key`
  key,    ///< by its key, as Kafka's default partitioner chooses
};

constexpr std::array<std::pair<std::string_view, partitioning>, 2> partitioning_words{
    {{"source", partitioning::source}, {"key", partitioning::key}}};
words<partitioning> words_for(std::type_identity<partitioning>) {
  return partitioning_words;
}

struct kafka_settings {
  addresses brokers;
  topic_name topic;
  partitioning partition = partitioning::source;
  std::optional<topic_creation> create;
  std::map<std::string, std::string> properties;
};

constexpr std::array kafka_fields{
    field<&kafka_settings::brokers>("brokers", "host:port, one or several; default: the source's"),
    field<&kafka_settings::topic>("topic", "what is written to", required),
    field<&kafka_settings::partition>(
        "partition", "`source`: a record goes to the partition that it came in by; `key`: its key chooses"),
    field<&kafka_settings::create>("create", "makes the topic if it is not there"),
    field<&kafka_settings::properties>(
        "properties", "any of librdkafka's; on the source's brokers those that say how to reach them are the source's"),
};

/// Whether two lists of brokers have one in common, and so are of one cluster.
bool shares_a_broker(std::string_view one, std::string_view other) {
  for (const auto broker : std::views::split(one, ','))
    for (const auto known : std::views::split(other, ','))
      if (std::ranges::equal(broker, known))
        return true;
  return false;
}

class kafka_sink final : public config::sink {
public:
  kafka_sink(const sink_kind& of, kafka_settings settings, yaml_section& from) :
      config::sink{of}, settings_{std::move(settings)}, at_{from.at()} {
    check_properties(from);
  }

  bool joins(const connection& transactions) const noexcept override {
    return transactions.brokers == settings_.brokers.text;
  }

  std::string why_not(const std::string& section) const override {
    return "exactly_once needs the " + section
           + " on the brokers of the source: a transaction cannot span two clusters";
  }

  bool feeds(const source& from) const noexcept override {
    return from.transactions() != nullptr && shares_a_broker(from.transactions()->brokers, settings_.brokers.text)
           && !settings_.topic.text.empty() && settings_.topic.text == from.name();
  }

  void complete(const completion& with) override {
    const auto* cluster = with.source != nullptr ? with.source->transactions() : nullptr;
    if (settings_.brokers.text.empty() && cluster == nullptr)
      with.reader.report(at_, "missing field 'brokers' in kafka sink: there is no kafka source to take it from");
    if (cluster != nullptr && (settings_.brokers.text.empty() || settings_.brokers.text == cluster->brokers)) {
      settings_.brokers.text = cluster->brokers;
      settings_.properties.merge(connection_properties(cluster->properties));
    }
  }

  value::mapping show() const override { return show_fields(kafka_fields, &settings_); }

  core::result<void> check(const sink_role&) const override { return check_client(cluster()); }

  preparation prepare(topic_clients& clients, const sink_role& role) const override {
    const auto found = prepare_topic(clients, cluster(), settings_.topic.text, settings_.create, "sink");
    const bool is_short = keeps_partition(role) && found.partitions < role.source_partitions;
    if (found.what != preparation::outcome::ready || !is_short)
      return found;
    const auto needed = std::to_string(role.source_partitions);
    return is_wrong("the topic '" + settings_.topic.text + "' has " + std::to_string(found.partitions)
                        + " partitions, the source '" + role.pipeline->source.from->name() + "' has " + needed
                        + ": a record goes out by the partition that it came in by",
                    "give it as many with kafka-topics --alter --partitions " + needed
                        + ", or let the sink choose with `partition: key`");
  }

  void announce(output_opener& to) const override {
    to.producers().announce(settings_.brokers.text, settings_.topic.text);
  }

  core::result<std::shared_ptr<io::sink>> open(output_opener& with, const sink_role& role) const override {
    auto made = with.producers().producer(cluster(), role.in_transactions);
    if (!made)
      return tl::unexpected{made.error()};
    return std::make_shared<kafka_topic_sink>(std::move(*made), settings_.topic.text, keeps_partition(role));
  }

  core::result<std::shared_ptr<dead_letter_sink>> open_dead_letters(output_opener& with) const override {
    auto made = with.producers().producer(cluster());
    if (!made)
      return tl::unexpected{made.error()};
    return std::make_shared<kafka_dead_letters>(std::move(*made), settings_.topic.text);
  }

private:
  connection cluster() const { return {settings_.brokers.text, settings_.properties}; }

  bool is_on_brokers_of(const source& from) const noexcept {
    return from.transactions() != nullptr && from.transactions()->brokers == settings_.brokers.text;
  }

  // An alert topic need not have the source's partitions: alerts go by their fingerprint.
  bool keeps_partition(const sink_role& role) const noexcept {
    return role.takes_records && settings_.partition == partitioning::source
           && is_on_brokers_of(*role.pipeline->source.from);
  }

  kafka_settings settings_;
  position at_;
};

} // namespace

constexpr sink_kind kafka_sink_kind = make_sink_kind<kafka_sink, kafka_settings, kafka_fields>(
    "kafka", "a topic, in the transactions of the source's brokers",
    "{ kafka: { brokers: localhost:9092, topic: scored, create: { partitions: 8 } } }", false);

} // namespace weir::io
