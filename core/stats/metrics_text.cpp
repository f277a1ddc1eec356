#include "core/stats/metrics_text.hpp"

#include "core/base/number_text.hpp"

#include <array>

namespace weir::core {

namespace {

std::string number_text(double value) {
  std::array<char, number_text_size> text{};
  return {text.data(), write_double(value, text.data())};
}

/// Builds the text; every sample carries the same first labels.
class exposition {
public:
  explicit exposition(const metric_source& source) :
      labels_{"pipeline=\"" + label_value(source.pipeline) + "\",node=\"" + label_value(source.node) + "\""} {}

  void family(const figure& of) {
    text_.append("# HELP ").append(of.metric).append(" ").append(of.help).append("\n");
    text_.append("# TYPE ").append(of.metric).append(" ").append(to_string(of.kind)).append("\n");
  }

  /// @param more labels behind the first ones, beginning with a comma
  void sample(std::string_view name, std::string_view more, double value) {
    text_.append(name).append("{").append(labels_).append(more).append("} ");
    text_.append(number_text(value)).append("\n");
  }

  std::string take() { return std::move(text_); }

private:
  std::string labels_;
  std::string text_;
};

std::string partition_label(const lane_snapshot& lane) {
  return ",partition=\"" + std::to_string(value_of(lane.partition)) + "\"";
}

// Lanes that do not know it are left out.
void write_figure(exposition& out, const lane_figure& f, std::size_t index, const std::vector<lane_snapshot>& lanes) {
  if (f.metric.empty())
    return;
  out.family(f);
  for (const auto& lane : lanes)
    if (const auto value = lane.figures.by_index[index]; f.is_known(value)) {
      const auto scale = f.unit == figure_unit::milliseconds ? 1000 : 1;
      out.sample(f.metric, partition_label(lane), static_cast<double>(value) / scale);
    }
}

void write_dead_letters(exposition& out, const std::vector<lane_snapshot>& lanes) {
  out.family(dead_letters_metric);
  const auto counts = dead_letters_by_reason(sum_of(lanes));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& reason = dead_letter_reason_table[i];
    const auto labels =
        ",stage=\"" + std::string{to_string(reason.stage)} + "\",reason=\"" + std::string{reason.code} + "\"";
    out.sample(dead_letters_metric.metric, labels, static_cast<double>(counts[i]));
  }
}

void write_latency(exposition& out, const std::vector<lane_snapshot>& lanes) {
  out.family(latency_metric);
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

void write_drift(exposition& out, const drift_standing& drift) {
  const auto of_columns = [&](const figure& f, auto value) {
    out.family(f);
    for (const auto& one : drift.columns)
      out.sample(f.metric, ",drift=\"" + label_value(one.as) + "\",column=\"" + label_value(one.name) + "\"",
                 value(one));
  };
  of_columns(drift_metric, [](const auto& one) { return one.is_drift ? 1.0 : 0.0; });
  of_columns(drift_percent_metric, [](const auto& one) { return one.verdict.drift_percent; });
  of_columns(drift_p_value_metric, [](const auto& one) { return one.verdict.p_value; });
  const auto of_stream = [&](const figure& f, double value) {
    out.family(f);
    out.sample(f.metric, {}, value);
  };
  of_stream(drift_columns_metric, static_cast<double>(drift.drifting()));
  of_stream(drift_window_metric, static_cast<double>(drift.records));
  of_stream(drift_time_metric, static_cast<double>(drift.at_ms) / 1000);
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
  for (std::size_t i = 0; i < lane_figures().size(); ++i)
    write_figure(out, lane_figures()[i], i, lanes);
  write_dead_letters(out, lanes);
  write_latency(out, lanes);
  const node_moment now{.lanes = 0, // the lanes tell it themselves
                        .stalled = stalled,
                        .is_ready = is_ready,
                        .is_supervisor = supervised != nullptr,
                        .process = process};
  for (const auto& f : node_figures())
    if (!f.metric.empty()) {
      out.family(f);
      out.sample(f.metric, {}, f.read(now));
    }
  if (supervised != nullptr && !supervised->values.empty()) {
    out.family(aggregate_metric);
    for (const auto& [name, value] : supervised->values)
      out.sample(aggregate_metric.metric, ",aggregate=\"" + label_value(name) + "\"", value);
  }
  if (supervised != nullptr && supervised->drift.window > 0)
    write_drift(out, supervised->drift);
  out.family(build_metric);
  out.sample(build_metric.metric, ",version=\"" + label_value(source.version) + "\"", 1);
  return out.take();
}

} // namespace weir::core
