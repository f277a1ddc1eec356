#include "core/stats/figures.hpp"

#include "core/stats/node_figures.hpp"

namespace weir::core {

namespace {

using enum figure_kind;
using unit = figure_unit;

constexpr auto node_figure_table = std::to_array<node_figure>({
    {{"lanes", "", "Lanes that run on this node.", gauge, unit::lanes},
     [](const node_moment& node) { return static_cast<double>(node.lanes); }},
    {{"", "weir_ready", "Whether the node does its work, as /readyz says.", gauge, unit::truth},
     [](const node_moment& node) { return node.is_ready ? 1.0 : 0.0; }},
    {{"stalled_lanes", "weir_stalled_lanes", "Lanes that have work and make no progress.", gauge, unit::lanes},
     [](const node_moment& node) { return static_cast<double>(node.stalled); }},
    {{"", "weir_supervisor", "Whether the supervisor of the pipeline lives on this node.", gauge, unit::truth},
     [](const node_moment& node) { return node.is_supervisor ? 1.0 : 0.0; }},
    {{"resident_bytes", "process_resident_memory_bytes", "Resident memory of the process.", gauge, unit::bytes},
     [](const node_moment& node) { return static_cast<double>(node.process.resident_bytes); }},
    {{"cpu_seconds", "process_cpu_seconds_total", "User and system time of the process.", counter, unit::seconds},
     [](const node_moment& node) { return node.process.cpu_seconds; }},
    {{"start_seconds", "process_start_time_seconds", "When the process began, in seconds since the epoch.", gauge,
      unit::seconds},
     [](const node_moment& node) { return node.process.start_seconds; }},
});

} // namespace

lane_values read_figures(const lane_moment& lane) {
  lane_values out;
  for (std::size_t i = 0; i < out.by_index.size(); ++i)
    out.by_index[i] = lane_figures()[i].read(lane);
  return out;
}

dead_letter_counts dead_letters_by_reason(const lane_values& of) noexcept {
  dead_letter_counts out{};
  const auto first = detail::plain_lane_figures.size();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint64_t>(of.by_index[first + i]);
  return out;
}

std::span<const node_figure> node_figures() noexcept {
  return node_figure_table;
}

std::vector<figure> metrics() {
  std::vector<figure> out;
  const auto add = [&](const figure& f) {
    if (!f.metric.empty())
      out.push_back(f);
  };
  for (const auto& f : lane_figures())
    add(f);
  add(dead_letters_metric);
  add(latency_metric);
  for (const auto& f : node_figures())
    add(f);
  add(aggregate_metric);
  for (const auto& f : {drift_metric, drift_percent_metric, drift_p_value_metric, drift_columns_metric,
                        drift_window_metric, drift_time_metric})
    add(f);
  add(build_metric);
  return out;
}

std::string_view to_string(figure_kind kind) noexcept {
  switch (kind) {
  case counter: return "counter";
  case gauge: return "gauge";
  case histogram: return "histogram";
  }
  return {};
}

std::string_view to_string(figure_unit of) noexcept {
  switch (of) {
  case unit::records: return "records";
  case unit::bytes: return "bytes";
  case unit::batches: return "batches";
  case unit::alerts: return "alerts";
  case unit::keys: return "keys";
  case unit::lanes: return "lanes";
  case unit::offset: return "offset";
  case unit::milliseconds: return "milliseconds";
  case unit::seconds: return "seconds";
  case unit::truth:
  case unit::none: return {};
  }
  return {};
}

} // namespace weir::core
