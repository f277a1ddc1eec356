#pragma once

#include "config/endpoint.hpp"
#include "core/commit/take_up.hpp"
#include "io/kafka/consumer.hpp"
#include "io/kafka/topics.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::io {

struct kafka_source_settings {
  config::addresses brokers;
  config::topic_name topic;
  std::string group; ///< default: `weir-<pipeline>`
  std::optional<topic_creation> create;
  std::vector<std::string> start; ///< empty: earliest, or as librdkafka's own property says
  bool accept_data_loss = false;
  std::map<std::string, std::string> properties; ///< any librdkafka property
};

/// A topic, read by a consumer group.
class kafka_source final : public config::source {
public:
  kafka_source(const config::source_kind& of, kafka_source_settings settings, config::yaml_section& from);

  const std::string& name() const noexcept override { return settings_.topic.text; }
  bool is_shared() const noexcept override { return true; }
  const config::connection* transactions() const noexcept override { return &cluster_; }
  void complete(const config::completion& with) override;
  config::value::mapping show() const override;
  core::result<void> check(const config::pipeline& of) const override;
  preparation prepare(topic_clients& clients, const config::pipeline& of) const override;
  core::result<input> open(const input_options& options) const override;

private:
  kafka_source_settings settings_;
  config::connection cluster_;
  core::offset_reset without_offset_ = core::offset_reset::earliest;
  start_places start_;

  void read_start(config::yaml_section& from);
};

config::section_info fields_for(std::type_identity<topic_creation>);

} // namespace weir::io
