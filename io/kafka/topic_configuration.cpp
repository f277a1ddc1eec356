#include "io/kafka/topic_configuration.hpp"

#include "core/base/read_number.hpp"
#include "io/kafka/failures.hpp"

#include <spdlog/spdlog.h>

#include <span>
#include <string_view>

namespace weir::io {

namespace {

std::span<const rd_kafka_ConfigResource_t*> resources_of(rd_kafka_event_t* event) {
  std::size_t count = 0;
  auto** found = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
  return {found, count};
}

topic_configuration configuration_in(const rd_kafka_ConfigResource_t* resource) {
  topic_configuration out;
  std::size_t count = 0;
  auto** entries = rd_kafka_ConfigResource_configs(resource, &count);
  for (const auto* entry : std::span{entries, count}) {
    const char* value = rd_kafka_ConfigEntry_value(entry);
    if (value == nullptr)
      continue;
    const std::string_view name{rd_kafka_ConfigEntry_name(entry)};
    const std::string_view text{value};
    if (name == "max.message.bytes")
      out.max_message_bytes = core::read_number<std::size_t>(text);
    else if (name == "cleanup.policy")
      out.cleanup_policy = text;
  }
  return out;
}

void warn(const std::string& topic, const char* why) {
  spdlog::warn("how the topic '{}' is configured is not known: {}; a record that is too large for it will stop the "
               "pipeline (allow the user DescribeConfigs on it)",
               topic, why);
}

} // namespace

core::result<std::map<std::string, topic_configuration>>
describe_topics(rd_kafka_t* client, const std::vector<std::string>& topics, std::chrono::milliseconds timeout) {
  std::vector<kafka_ptr<rd_kafka_ConfigResource_t>> owners;
  std::vector<rd_kafka_ConfigResource_t*> asked;
  for (const auto& topic : topics) {
    owners.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    asked.push_back(owners.back().get());
  }
  kafka_ptr<rd_kafka_queue_t> queue{rd_kafka_queue_new(client)};
  kafka_ptr<rd_kafka_AdminOptions_t> options{rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)};
  const auto ms = static_cast<int>(timeout.count());
  rd_kafka_AdminOptions_set_request_timeout(options.get(), ms, nullptr, 0);
  rd_kafka_DescribeConfigs(client, asked.data(), asked.size(), options.get(), queue.get());
  kafka_ptr<rd_kafka_event_t> event{rd_kafka_queue_poll(queue.get(), ms + 1000)};
  std::map<std::string, topic_configuration> out;
  switch (const auto err = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT; err) {
  case RD_KAFKA_RESP_ERR_NO_ERROR: break;
  case RD_KAFKA_RESP_ERR__TIMED_OUT:
  case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
  case RD_KAFKA_RESP_ERR__TRANSPORT:
  case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: return tl::unexpected{unreachable(client, rd_kafka_err2str(err))};
  default:
    for (const auto& topic : topics)
      warn(topic, rd_kafka_err2str(err));
    return out;
  }
  for (const auto* resource : resources_of(event.get())) {
    const std::string topic = rd_kafka_ConfigResource_name(resource);
    if (const auto err = rd_kafka_ConfigResource_error(resource); err != RD_KAFKA_RESP_ERR_NO_ERROR)
      warn(topic, rd_kafka_err2str(err));
    else
      out[topic] = configuration_in(resource);
  }
  return out;
}

core::result<topic_limits> limits_of(rd_kafka_t* client, const std::vector<std::string>& topics,
                                     std::chrono::milliseconds timeout) {
  return describe_topics(client, topics, timeout).map([](const auto& described) {
    topic_limits limits;
    for (const auto& [topic, configuration] : described)
      if (configuration.max_message_bytes)
        limits[topic] = *configuration.max_message_bytes;
    return limits;
  });
}

} // namespace weir::io
