#include "core/stats/metrics_text.hpp"

#include "core/base/number_text.hpp"

#include <array>

namespace weir::core {

namespace {

enum class metric_kind : std::uint8_t { counter, gauge };

/// One family with a value for each lane; lanes that do not know it are left out.
struct lane_metric {
  std::string_view name;
  std::string_view help;
  metric_kind kind;
  double (*value)(const lane_snapshot&);
  bool (*is_known)(const lane_snapshot&);
};

constexpr auto counter = metric_kind::counter;
constexpr auto gauge = metric_kind::gauge;

bool always(const lane_snapshot&) {
  return true;
}

template <auto Member>
double of_ledger(const lane_snapshot& lane) {
  return static_cast<double>(lane.ledger.*Member);
}

template <auto Member>
double count_of(const lane_snapshot& lane) {
  return static_cast<double>(lane.*Member);
}

template <auto Member>
double seconds_of(const lane_snapshot& lane) {
  return static_cast<double>(lane.*Member) / 1000;
}

template <auto Member>
bool is_known(const lane_snapshot& lane) {
  return lane.*Member != lane_stats::unknown;
}

using counts = ledger_snapshot;
using shown = lane_snapshot;

// What goes back to the last commit after an abort (received, in flight) may fall: Prometheus takes that for a restart.
constexpr std::array lane_metrics{
    lane_metric{"weir_records_received_total", "Records read from the source.", counter, of_ledger<&counts::received>,
                always},
    lane_metric{"weir_records_emitted_total", "Records written to the sinks and committed.", counter,
                of_ledger<&counts::emitted>, always},
    lane_metric{"weir_records_filtered_total", "Records that a filter let go, committed.", counter,
                of_ledger<&counts::filtered>, always},
    lane_metric{"weir_records_dead_lettered_total", "Records that ended in the dead letters, committed.", counter,
                of_ledger<&counts::dead_lettered>, always},
    lane_metric{"weir_records_in_flight", "Records that were received and are not committed.", gauge,
                of_ledger<&counts::in_flight>, always},
    lane_metric{"weir_ledger_imbalance_records",
                "Records that the ledger cannot account for; other than 0 is an error.", gauge,
                [](const shown& l) { return static_cast<double>(l.ledger.imbalance()); }, always},
    lane_metric{"weir_received_bytes_total", "Bytes of the values that were read.", counter, count_of<&shown::bytes>,
                always},
    lane_metric{"weir_batches_total", "Batches that were read.", counter, count_of<&shown::batches>, always},
    lane_metric{"weir_alerts_total", "Alerts of rules over records.", counter, count_of<&shown::alerts>, always},
    lane_metric{"weir_key_evictions_total", "Keys that went because max_keys was reached.", counter,
                count_of<&shown::evictions>, always},
    lane_metric{"weir_late_records_total", "Records too late for an event-time window.", counter,
                count_of<&shown::late>, always},
    lane_metric{"weir_keys", "Keys that windows and detectors remember.", gauge, count_of<&shown::keys>, always},
    lane_metric{"weir_lane_active", "Whether the lane runs on this node.", gauge,
                [](const shown& l) { return l.active ? 1.0 : 0.0; }, always},
    lane_metric{"weir_lag_records", "Records of the partition that have not been read.", gauge, count_of<&shown::lag>,
                always},
    lane_metric{"weir_committed_offset", "Where the lane would read on after a restart.", gauge,
                count_of<&shown::committed>, is_known<&shown::committed>},
    lane_metric{"weir_last_offset", "Offset of the last record that was read.", gauge, count_of<&shown::last_offset>,
                is_known<&shown::last_offset>},
    lane_metric{"weir_last_record_timestamp_seconds", "Time of the last record that left, as its source gives it.",
                gauge, seconds_of<&shown::last_timestamp>, is_known<&shown::last_timestamp>},
    lane_metric{"weir_last_progress_timestamp_seconds", "When a batch last left the lane.", gauge,
                seconds_of<&shown::last_progress>, is_known<&shown::last_progress>},
};

std::string number_text(double value) {
  std::array<char, number_text_size> text{};
  return {text.data(), write_double(value, text.data())};
}

/// Builds the text; every sample carries the same first labels.
class exposition {
public:
  explicit exposition(const metric_source& source) :
      labels_{"pipeline=\"" + label_value(source.pipeline) + "\",node=\"" + label_value(source.node) + "\""} {}

  void family(std::string_view name, std::string_view help, std::string_view type) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }

  /// @param more labels behind the first ones, beginning with a comma
  void sample(std::string_view name, std::string_view more, double value) {
    text_.append(name).append("{").append(labels_).append(more).append("} ");
    text_.append(number_text(value)).append("\n");
  }

  void single(std::string_view name, std::string_view help, std::string_view type, double value,
              std::string_view more = {}) {
    family(name, help, type);
    sample(name, more, value);
  }

  std::string take() { return std::move(text_); }

private:
  std::string labels_;
  std::string text_;
};

std::string partition_label(const lane_snapshot& lane) {
  return ",partition=\"" + std::to_string(value_of(lane.partition)) + "\"";
}

void write_latency(exposition& out, const std::vector<lane_snapshot>& lanes) {
  constexpr std::string_view name = "weir_latency_seconds";
  out.family(name, "From a record's own time until it leaves; a batch counts as its last record.", "histogram");
  for (const auto& lane : lanes) {
    const auto partition = partition_label(lane);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < latency_histogram::bounds.size(); ++i) {
      below += lane.latency.counts[i];
      const auto bound = number_text(static_cast<double>(latency_histogram::bounds[i]) / 1000);
      out.sample("weir_latency_seconds_bucket", partition + ",le=\"" + bound + "\"", static_cast<double>(below));
    }
    const auto count = static_cast<double>(lane.latency.count);
    out.sample("weir_latency_seconds_bucket", partition + ",le=\"+Inf\"", count);
    out.sample("weir_latency_seconds_sum", partition, static_cast<double>(lane.latency.sum_ms) / 1000);
    out.sample("weir_latency_seconds_count", partition, count);
  }
}

} // namespace

std::string label_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"')
      out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

std::string metrics_text(const std::vector<lane_snapshot>& lanes, bool is_ready, std::size_t stalled,
                         const process_usage& process, const metric_source& source, const cluster_view* supervised) {
  exposition out{source};
  for (const auto& metric : lane_metrics) {
    out.family(metric.name, metric.help, metric.kind == counter ? "counter" : "gauge");
    for (const auto& lane : lanes)
      if (metric.is_known(lane))
        out.sample(metric.name, partition_label(lane), metric.value(lane));
  }
  write_latency(out, lanes);
  out.single("weir_ready", "Whether the node does its work, as /readyz says.", "gauge", is_ready ? 1 : 0);
  out.single("weir_stalled_lanes", "Lanes that have work and make no progress.", "gauge", static_cast<double>(stalled));
  out.single("weir_supervisor", "Whether the supervisor of the pipeline lives on this node.", "gauge",
             supervised != nullptr ? 1 : 0);
  if (supervised != nullptr && !supervised->values.empty()) {
    out.family("weir_aggregate", "An aggregate over the whole pipeline, as of now.", "gauge");
    for (const auto& [name, value] : supervised->values)
      out.sample("weir_aggregate", ",aggregate=\"" + label_value(name) + "\"", value);
  }
  out.single("weir_build_info", "The version of the program.", "gauge", 1,
             ",version=\"" + label_value(source.version) + "\"");
  out.single("process_resident_memory_bytes", "Resident memory of the process.", "gauge",
             static_cast<double>(process.resident_bytes));
  out.single("process_cpu_seconds_total", "User and system time of the process.", "counter", process.cpu_seconds);
  out.single("process_start_time_seconds", "When the process began, in seconds since the epoch.", "gauge",
             process.start_seconds);
  return out.take();
}

} // namespace weir::core
