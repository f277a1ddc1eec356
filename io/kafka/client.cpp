#include "io/kafka/client.hpp"

#include "io/kafka/failures.hpp"
#include "io/kafka/properties.hpp"
#include "io/news.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <syslog.h>
#include <thread>

namespace weir::io {

namespace {

const char* name_of(const rd_kafka_t* client) {
  return client != nullptr ? rd_kafka_name(client) : "-";
}

/// A broker that cannot be reached: `FAIL` says why; `ERROR` ("1/1 brokers are down") follows from it.
bool is_about_brokers(std::string_view facility) {
  return facility == "FAIL" || facility == "ERROR";
}

/// What needs nobody's attention: a coordinator that is still starting.
bool is_expected(std::string_view facility, std::string_view text) {
  return facility == "GETPID" && text.ends_with("retrying");
}

/// @param quietly a broker that cannot be reached is remembered, and not said
void take_line(const rd_kafka_t* client, int level, std::string_view facility, const char* text, bool quietly) {
  spdlog::debug("kafka {} {}: {}", name_of(client), facility, text);
  const bool failed = facility == "FAIL";
  if (failed)
    note_failure(name_of(client), plain_failure(text));
  if (is_about_brokers(facility)) {
    if (failed && !quietly)
      warn_of("kafka: " + unreachable(std::string{name_of(client)}, plain_failure(text)).text());
  } else if (level <= LOG_WARNING && !is_expected(facility, text)) {
    warn_of("kafka: " + plain_complaint(facility, text));
  }
}

void log_line(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  take_line(client, level, facility, text, false);
}

void log_quietly(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  take_line(client, level, facility, text, true);
}

} // namespace

core::result<kafka_ptr<rd_kafka_conf_t>> make_conf(const kafka_properties& properties) {
  kafka_ptr<rd_kafka_conf_t> conf{rd_kafka_conf_new()};
  rd_kafka_conf_set_log_cb(conf.get(), log_line);
  // librdkafka's own 10 s are what a pipeline stands still for after a broker has come back.
  rd_kafka_conf_set(conf.get(), "reconnect.backoff.max.ms", "1000", nullptr, 0);
  for (const auto& [name, value] : properties)
    if (const auto set = set_property(conf.get(), name, value); !set)
      return tl::unexpected{set.error()};
  return conf;
}

void keep_quiet(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_log_cb(conf, log_quietly);
}

kafka_properties connection_properties(const kafka_properties& of) {
  constexpr std::array prefixes{"ssl.",    "sasl.",      "enable.ssl", "security.", "socket.",
                                "broker.", "reconnect.", "client.",    "debug"};
  kafka_properties out;
  for (const auto& [name, value] : of)
    if (std::any_of(prefixes.begin(), prefixes.end(), [&](const char* prefix) { return name.starts_with(prefix); }))
      out[name] = value;
  return out;
}

kafka_properties properties_of(const std::string& brokers, const kafka_properties& extra) {
  auto properties = extra;
  properties["bootstrap.servers"] = brokers;
  return properties;
}

core::result<client_ptr> make_client(rd_kafka_type_t type, kafka_ptr<rd_kafka_conf_t> conf) {
  std::array<char, 512> why{};
  auto* client = rd_kafka_new(type, conf.get(), why.data(), why.size());
  if (client == nullptr)
    return core::fail(std::string{"cannot make a Kafka client: "} + why.data());
  static_cast<void>(conf.release()); // the client owns it now
  return client_ptr{client};
}

core::result<client_ptr> make_client(rd_kafka_type_t type, const kafka_properties& properties) {
  return make_conf(properties).and_then([&](auto&& conf) { return make_client(type, std::move(conf)); });
}

core::result<client_ptr> make_reader(kafka_properties properties, bool quietly) {
  properties["group.id"] = "weir-reader"; // the client wants one
  properties["enable.auto.commit"] = "false";
  auto conf = make_conf(properties);
  if (!conf)
    return tl::unexpected{conf.error()};
  if (quietly)
    keep_quiet(conf->get());
  auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
  if (client)
    rd_kafka_poll_set_consumer(client->get());
  return client;
}

core::result<int> partition_count(rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout) {
  kafka_ptr<rd_kafka_topic_t> handle{rd_kafka_topic_new(client, topic.c_str(), nullptr)};
  if (!handle)
    return core::fail("cannot use the topic '" + topic + "': " + rd_kafka_err2str(rd_kafka_last_error()));
  const rd_kafka_metadata_t* found = nullptr;
  const auto err = rd_kafka_metadata(client, 0, handle.get(), &found, static_cast<int>(timeout.count()));
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return tl::unexpected{unreachable(client, rd_kafka_err2str(err))};
  const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> owner{
      found, &rd_kafka_metadata_destroy};
  if (found->topic_cnt != 1)
    return 0;
  const auto& entry = found->topics[0];
  if (entry.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    return 0;
  if (entry.err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::fail("topic '" + topic + "': " + rd_kafka_err2str(entry.err));
  return entry.partition_cnt;
}

// An entry keeps the "time" that it was asked with, which is below 0, when its broker does not answer.
std::map<core::partition_id, core::offset> log_offsets(rd_kafka_t* client, const std::string& topic,
                                                       const std::vector<core::partition_id>& partitions,
                                                       std::int64_t which, std::chrono::milliseconds timeout) {
  auto list = make_partition_list(static_cast<int>(partitions.size()));
  for (const auto partition : partitions)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), value_of(partition))->offset = which;
  rd_kafka_offsets_for_times(client, list.get(), static_cast<int>(timeout.count()));
  std::map<core::partition_id, core::offset> out;
  for (const auto& entry : entries_of(*list))
    if (entry.err == RD_KAFKA_RESP_ERR_NO_ERROR && entry.offset >= 0)
      out[core::partition_id{entry.partition}] = core::offset{entry.offset};
  return out;
}

namespace {

/// A request that the same brokers will not take another time either.
bool is_lasting(rd_kafka_resp_err_t err) {
  constexpr std::array lasting{RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
                               RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
                               RD_KAFKA_RESP_ERR_INVALID_CONFIG,
                               RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
                               RD_KAFKA_RESP_ERR_INVALID_REQUEST,
                               RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION};
  return std::find(lasting.begin(), lasting.end(), err) != lasting.end();
}

core::error refused_topic(const rd_kafka_topic_result_t& answer) {
  const auto err = rd_kafka_topic_result_error(&answer);
  std::string why = rd_kafka_topic_result_error_string(&answer);
  if (why.ends_with('.'))
    why.pop_back();
  return {std::string{"cannot make the topic '"} + rd_kafka_topic_result_name(&answer) + "': " + why,
          {},
          err == RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR
              ? "ask for a smaller replication factor, or start more brokers"
              : "",
          !is_lasting(err)};
}

} // namespace

core::result<void> create_topics(rd_kafka_t* client, const std::vector<topic_request>& topics,
                                 std::chrono::milliseconds timeout) {
  std::array<char, 512> why{};
  std::vector<kafka_ptr<rd_kafka_NewTopic_t>> owners;
  std::vector<rd_kafka_NewTopic_t*> requests;
  for (const auto& topic : topics) {
    kafka_ptr<rd_kafka_NewTopic_t> request{
        rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replication_factor, why.data(), why.size())};
    if (!request)
      return core::fail("cannot make the topic '" + topic.name + "': " + why.data());
    for (const auto& [name, value] : topic.config)
      rd_kafka_NewTopic_set_config(request.get(), name.c_str(), value.c_str());
    requests.push_back(request.get());
    owners.push_back(std::move(request));
  }
  kafka_ptr<rd_kafka_AdminOptions_t> options{rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)};
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), static_cast<int>(timeout.count()), why.data(), why.size());
  kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_new(client)};
  rd_kafka_CreateTopics(client, requests.data(), requests.size(), options.get(), queue.get());
  kafka_ptr<rd_kafka_event_t> event{rd_kafka_queue_poll(queue.get(), static_cast<int>(timeout.count()) + 1000)};
  if (!event)
    return core::cannot_reach("cannot reach the Kafka brokers: no answer to the creation of topics");
  if (const auto err = rd_kafka_event_error(event.get()); err != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::cannot_reach(std::string{"cannot make topics: "} + rd_kafka_event_error_string(event.get()));
  std::size_t count = 0;
  const auto* answers = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto err = rd_kafka_topic_result_error(answers[i]);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR && err != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      return tl::unexpected{refused_topic(*answers[i])};
  }
  // The controller has made them; the brokers hear of it a moment later.
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (const auto& topic : topics)
    while (true) {
      const auto known = partition_count(client, topic.name, timeout);
      if (!known)
        return tl::unexpected{known.error()};
      if (*known > 0)
        break;
      if (std::chrono::steady_clock::now() > until)
        return core::cannot_reach("the topic '" + topic.name + "' was made, and no broker knows it yet");
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
  return {};
}

} // namespace weir::io
