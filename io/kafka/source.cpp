#include "io/kafka/source.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/read_number.hpp"
#include "io/file/part_recovery.hpp"
#include "io/input.hpp"
#include "io/kafka/backend.hpp"
#include "io/kafka/end_offsets.hpp"
#include "io/kafka/label_topic.hpp"
#include "io/kafka/properties.hpp"
#include "io/kafka/state.hpp"
#include "io/kinds.hpp"
#include "io/preparation.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace weir::io {

namespace {

using namespace config;

constexpr std::array creation_fields{
    field<&topic_creation::partitions>("partitions", "of the topic", between(1, 100'000)),
    field<&topic_creation::replication_factor>("replication_factor", "of the topic", between(1, 100)),
};

constexpr std::array kafka_fields{
    field<&kafka_source_settings::brokers>("brokers", "host:port, one or several", required),
    field<&kafka_source_settings::topic>("topic", "what is read", required),
    field<&kafka_source_settings::group>("group", "consumer group; default: `weir-` and the name"),
    field<&kafka_source_settings::create>("create", "makes the topic if it is not there"),
    field<&kafka_source_settings::start>(
        "start",
        "where a partition begins that the group has no offset of: `earliest`, `latest`, a time (RFC 3339), or "
        "offsets `[0:100, 1:250]` of partitions, the others at their earliest; default: earliest"),
    field<&kafka_source_settings::accept_data_loss>(
        "accept_data_loss", "goes on where retention has removed records that were never read, and counts them "
                            "(`weir_lost_records_total`); else the node ends and says which"),
    field<&kafka_source_settings::properties>("properties", "any of librdkafka's"),
};

/// The client's words for where a partition begins that the group has no offset of.
struct reset_word {
  std::string_view word;
  core::offset_reset meaning;
};

constexpr auto reset_words = std::to_array<reset_word>({
    {"earliest", core::offset_reset::earliest},
    {"smallest", core::offset_reset::earliest},
    {"beginning", core::offset_reset::earliest},
    {"latest", core::offset_reset::latest},
    {"largest", core::offset_reset::latest},
    {"end", core::offset_reset::latest},
    {"error", core::offset_reset::error},
});

core::offset_reset read_offset_reset(yaml_section& from) {
  const auto* properties = from.find("properties");
  if (properties == nullptr)
    return core::offset_reset::earliest;
  for (const auto& [key, value] : properties->members) {
    if (key->text != "auto.offset.reset")
      continue;
    const auto known = std::ranges::find(reset_words, std::string_view{value->text}, &reset_word::word);
    if (known != reset_words.end())
      return known->meaning;
  }
  return core::offset_reset::earliest;
}

/// The consumer's queues take so large a part of memory.limit. Longer ones are not faster: their records have left the
/// cache when they are read.
constexpr std::uint64_t queue_share = 16;

} // namespace

section_info fields_for(std::type_identity<topic_creation>) {
  return {"topic creation", creation_fields};
}

kafka_source::kafka_source(const source_kind& of, kafka_source_settings settings, yaml_section& from) :
    source{of}, settings_{std::move(settings)}, cluster_{settings_.brokers.text, settings_.properties},
    without_offset_{read_offset_reset(from)} {
  check_properties(from);
  read_start(from);
}

void kafka_source::read_start(yaml_section& from) {
  const auto* node = from.find("start");
  if (node == nullptr || settings_.start.empty())
    return;
  const auto& texts = settings_.start;
  if (settings_.properties.contains("auto.offset.reset"))
    return from.report(node->at, "'start' and the property auto.offset.reset say the same: give one of them");
  if (texts == std::vector<std::string>{"earliest"} || texts == std::vector<std::string>{"latest"}) {
    without_offset_ = texts.front() == "latest" ? core::offset_reset::latest : core::offset_reset::earliest;
    return;
  }
  if (const auto time = texts.size() == 1 ? core::parse_timestamp(texts.front()) : std::nullopt) {
    start_.time_ms = *time;
    return;
  }
  for (const auto& text : texts) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto partition = core::read_number<std::int32_t>(text.substr(0, colon));
    const auto offset = colon < text.size() ? core::read_number<std::int64_t>(text.substr(colon + 1)) : std::nullopt;
    if (!partition || !offset || *partition < 0 || *offset < 0)
      return from.report(node->at,
                         "'start' in kafka source must be earliest, latest, a time such as 2026-01-05T13:45:10Z, "
                         "or offsets of partitions such as [0:100, 1:250], found '"
                             + text + "'");
    if (!start_.offsets.emplace(core::partition_id{*partition}, core::offset{*offset}).second)
      return from.report(node->at, "'start' in kafka source names partition " + std::to_string(*partition) + " twice");
  }
}

void kafka_source::complete(const completion& with) {
  if (settings_.group.empty())
    settings_.group = "weir-" + with.pipeline;
}

value::mapping kafka_source::show() const {
  return show_fields(kafka_fields, &settings_);
}

core::result<void> kafka_source::check(const config::pipeline&) const {
  return check_client(cluster_);
}

preparation kafka_source::prepare(topic_clients& clients, const config::pipeline& of) const {
  const auto found = prepare_topic(clients, cluster_, settings_.topic.text, settings_.create, "source");
  return found.what == preparation::outcome::ready ? prepare_own_topics(clients, cluster_, of.name, found.partitions)
                                                   : found;
}

core::result<input> kafka_source::open(const input_options& options) const {
  const auto& pipeline = options.pipeline;
  for (const auto& [partition, offset] : start_.offsets)
    if (value_of(partition) >= options.partitions)
      return core::fail("'start' in kafka source names partition " + std::to_string(value_of(partition)) + ", and '"
                            + name() + "' has " + std::to_string(options.partitions) + " from 0 on",
                        {}, "name those that are there");
  const auto properties = properties_of(cluster_.brokers, cluster_.properties);
  consumer_options consumer;
  consumer.properties = properties;
  consumer.properties["group.id"] = settings_.group;
  consumer.topic = name();
  consumer.member = options.node;
  consumer.control_topic = control_topic_of(pipeline->name);
  consumer.queue_bytes = pipeline->memory_limit / queue_share;
  consumer.partitions = options.partitions;
  consumer.headers = options.plan->headers;
  consumer.start = start_;
  auto made = kafka_consumer::make(consumer);
  if (!made)
    return tl::unexpected{made.error()};
  auto control = open_control_topic(properties_of(cluster_.brokers, connection_properties(cluster_.properties)),
                                    consumer.control_topic);
  if (!control)
    return tl::unexpected{control.error()};
  auto ends = open_end_offsets(properties_of(cluster_.brokers, connection_properties(cluster_.properties)), name());
  if (!ends)
    return tl::unexpected{ends.error()};
  std::shared_ptr<label_topic> labels;
  if (!options.plan->labels_topic.empty()) {
    auto opened = open_label_topic(properties_of(cluster_.brokers, connection_properties(cluster_.properties)),
                                   options.plan->labels_topic, options.partitions);
    if (!opened)
      return tl::unexpected{opened.error()};
    labels = std::move(*opened);
  }
  const auto fence_other = [pipeline, self = options.node](const std::string& node) {
    // Our own older transaction is over since our producer was made; the present one must live.
    if (node != self)
      fence(*pipeline, node);
  };
  const auto show_parts = [folders = part_folders_of(*pipeline)](const std::set<std::string>& committed) {
    if (auto shown = publish_parts(folders, committed); !shown)
      spdlog::error("{}", shown.error().text());
  };
  const std::shared_ptr<kafka_consumer> group = std::move(*made);
  group_input from;
  from.group = group;
  from.states = std::make_shared<kafka_state>(properties, state_topic_of(pipeline->name), fence_other, show_parts);
  from.control = std::move(*control);
  from.labels = std::move(labels);
  from.ends = std::move(*ends);
  from.partitions = options.partitions;
  from.prepare = [pipeline] { return io::prepare(*pipeline); };
  from.start = {without_offset_, settings_.accept_data_loss};
  return input{std::move(from), make_kafka_backend({pipeline, options.node, options.plan->sink_header()}, group)};
}

constexpr source_kind kafka_source_kind = make_source_kind<kafka_source, kafka_source_settings, kafka_fields>(
    "kafka", "a topic, read by a consumer group", "{ kafka: { brokers: localhost:9092, topic: txn } }", false);

} // namespace weir::io
