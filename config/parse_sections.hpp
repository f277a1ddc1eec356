#pragma once

#include "config/pipeline.hpp"
#include "config/yaml_reader.hpp"

#include <array>

// The sections of a pipeline file. Each function reads those that its name says from the top level into `into`.

namespace weir::config {

inline constexpr std::array<std::pair<std::string_view, data_format>, 2> format_words{
    {{"json", data_format::json}, {"csv", data_format::csv}}};

void parse_source(yaml_section& top, pipeline& into);
void parse_schema(yaml_section& top, pipeline& into);
void parse_steps(yaml_section& top, const step_family& family, std::vector<step_ptr>& into);
void parse_alerts(yaml_section& top, pipeline& into);
void parse_sinks(yaml_section& top, pipeline& into);    ///< sink, dead_letter, alert_sink, output
void parse_settings(yaml_section& top, pipeline& into); ///< all that says how to run

/// `topic`, `create` and `properties`, which Kafka sources and sinks share.
template <class T>
void parse_topic(yaml_section& section, T& into);

/// Kafka's rule: letters, digits, `.`, `_` and `-`; at most 249 of them, less `reserved` for a suffix.
void check_topic_name(yaml_section& section, const located& name, const std::string& what, std::size_t reserved = 0);

/// Host and port, or a list of them, as librdkafka wants them: joined by commas.
void parse_brokers(yaml_section& section, std::string& into);

} // namespace weir::config
