#include "config/parse.hpp"
#include "io/http/stats_service.hpp"
#include "io/json_document.hpp"

namespace weir::io {

namespace {

constexpr const char* hidden = "***";

using properties = std::map<std::string, std::string>;

std::string shown(const config::located& text) {
  return text.hidden ? hidden : text.text;
}

const char* word(core::data_format format) {
  return format == core::data_format::json ? "json" : "csv";
}

// A property may be a password, a key, or a path to one: the names alone say what is set.
void write_properties(json_document& out, const properties& of) {
  if (of.empty())
    return;
  out.key("properties").begin_object();
  for (const auto& [name, value] : of)
    out.member(name, hidden);
  out.end_object();
}

void write_source(json_document& out, const config::source& source) {
  out.key("source").begin_object().member("format", word(source.format));
  if (const auto* kafka = std::get_if<config::kafka_source>(&source.from)) {
    out.member("kind", "kafka").member("brokers", kafka->brokers).member("topic", kafka->topic);
    out.member("group", kafka->group);
    write_properties(out, kafka->properties);
  } else {
    const auto& file = std::get<config::file_source>(source.from);
    out.member("kind", "file").member("path", file.path).member("partitions", file.partitions);
    out.member("rate", file.rate).member("limit", file.limit);
  }
  out.end_object();
}

void write_sink(json_document& out, const config::sink& sink) {
  out.begin_object().member("format", word(sink.format));
  if (const auto* kafka = std::get_if<config::kafka_sink>(&sink.to)) {
    out.member("kind", "kafka").member("brokers", kafka->brokers).member("topic", kafka->topic);
    out.member("partition", kafka->partition == config::partitioning::key ? "key" : "source");
    write_properties(out, kafka->properties);
  } else if (const auto* file = std::get_if<config::file_sink>(&sink.to)) {
    out.member("kind", "file").member("path", file->path);
  } else {
    out.member("kind", "console");
  }
  out.end_object();
}

void write_sinks(json_document& out, const char* name, const std::vector<config::sink>& sinks) {
  out.key(name).begin_array();
  for (const auto& sink : sinks)
    write_sink(out, sink);
  out.end_array();
}

void write(json_document& out, const config::value& shown);

void write(json_document& out, const config::value::mapping& shown) {
  out.begin_object();
  for (const auto& [name, value] : shown) {
    out.key(name);
    write(out, value);
  }
  out.end_object();
}

void write(json_document& out, const config::value& shown) {
  std::visit(
      [&](const auto& value) {
        using held = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<held, std::monostate>) {
          out.null();
        } else if constexpr (std::is_same_v<held, config::value::list>) {
          out.begin_array();
          for (const auto& item : value)
            write(out, item);
          out.end_array();
        } else if constexpr (std::is_same_v<held, config::value::mapping>) {
          write(out, value);
        } else {
          out.value(value);
        }
      },
      shown.data);
}

void write_steps(json_document& out, const char* section, const std::vector<config::step_ptr>& steps) {
  out.key(section).begin_array();
  for (const auto& step : steps)
    write(out, step->show());
  out.end_array();
}

void write_alerts(json_document& out, const config::pipeline& pipeline) {
  out.key("alerts").begin_array();
  for (const auto& rule : pipeline.alerts)
    out.begin_object().member("name", rule.name).member("when", shown(rule.when)).end_object();
  out.end_array();
}

} // namespace

std::string describe(const config::pipeline& pipeline) {
  const bool exactly_once = config::effective_guarantee(pipeline) == config::guarantee::exactly_once;
  json_document out;
  out.begin_object().member("name", pipeline.name).member("file", pipeline.file);
  out.member("guarantee", exactly_once ? "exactly_once" : "at_least_once");
  write_source(out, pipeline.source);
  out.key("schema").begin_array();
  for (const auto& field : pipeline.schema)
    out.value(field.name);
  out.end_array();
  write_steps(out, "preprocess", pipeline.preprocess);
  write_steps(out, "aggregate", pipeline.aggregate);
  write_steps(out, "infer", pipeline.infer);
  write_steps(out, "detect", pipeline.detect);
  write_alerts(out, pipeline);
  write_sinks(out, "sinks", pipeline.sinks);
  write_sinks(out, "alert_sinks", pipeline.alert_sinks);
  if (pipeline.dead_letter) {
    out.key("dead_letter");
    write_sink(out, *pipeline.dead_letter);
  }
  out.member("commit_interval_ms", pipeline.commit.interval.count());
  out.member("batch_records", pipeline.batch.records).member("batch_bytes", std::uint64_t{pipeline.batch.bytes});
  out.member("memory_limit_bytes", std::uint64_t{pipeline.memory_limit}).member("parallelism", pipeline.parallelism);
  out.member("shutdown_timeout_ms", pipeline.shutdown_timeout.count());
  out.member("stall_timeout_ms", pipeline.stall_timeout.count());
  out.member("state_dir", pipeline.state_dir);
  out.end_object();
  return out.text();
}

} // namespace weir::io
