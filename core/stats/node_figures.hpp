#pragma once

#include "core/stats/figures.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::core {

/// What the operating system says of this process.
struct process_usage {
  std::uint64_t resident_bytes = 0;
  double cpu_seconds = 0;   ///< user and system, since the start
  double start_seconds = 0; ///< since the epoch
};

/// A node at one moment: where its figures are read.
struct node_moment {
  std::size_t lanes = 0; ///< that run now
  std::size_t stalled = 0;
  bool is_ready = false;
  bool is_supervisor = false; ///< the supervisor of the pipeline lives here
  process_usage process;
};

/// A figure of a node: /api/v1/stats has it when it has a name, Prometheus when it has a metric.
struct node_figure : figure {
  double (*read)(const node_moment&) = nullptr;
};

std::span<const node_figure> node_figures() noexcept;

/// What Prometheus gets, all of it: the figures of lanes, those of nodes, and the few that have labels of their own.
std::vector<figure> metrics();

/// `counter`, `gauge`, `histogram`.
std::string_view to_string(figure_kind kind) noexcept;
/// As people say it: `records`, `bytes`, ...; empty for a truth or a thing without a unit.
std::string_view to_string(figure_unit unit) noexcept;

/// The metrics that have labels of their own, so that no table of numbers can hold them.
inline constexpr figure latency_metric{{},
                                       "weir_latency_seconds",
                                       "From a record's own time until it leaves; a batch counts as its last record.",
                                       figure_kind::histogram,
                                       figure_unit::seconds};
inline constexpr figure dead_letters_metric{{},
                                            "weir_dead_letters_total",
                                            "Dead letters by stage and reason, committed; all partitions together.",
                                            figure_kind::counter,
                                            figure_unit::records};
inline constexpr figure aggregate_metric{
    {}, "weir_aggregate", "An aggregate over the whole pipeline, as of now.", figure_kind::gauge, figure_unit::none};
inline constexpr figure drift_metric{{},
                                     "weir_drift",
                                     "Whether a column of the whole stream drifts, as of its last window: 1 or 0.",
                                     figure_kind::gauge,
                                     figure_unit::truth};
inline constexpr figure drift_percent_metric{{},
                                             "weir_drift_percent",
                                             "How much of a column lies elsewhere than in the baseline, in percent.",
                                             figure_kind::gauge,
                                             figure_unit::none};
inline constexpr figure drift_p_value_metric{{},
                                             "weir_drift_p_value",
                                             "How probable that is by chance, before it is adjusted for other columns.",
                                             figure_kind::gauge,
                                             figure_unit::none};
inline constexpr figure drift_columns_metric{
    {}, "weir_drift_columns", "Columns of the whole stream that drift.", figure_kind::gauge, figure_unit::none};
inline constexpr figure drift_window_metric{{},
                                            "weir_drift_window_records",
                                            "Records of the last window of the stream that was judged.",
                                            figure_kind::gauge,
                                            figure_unit::records};
inline constexpr figure drift_time_metric{
    {}, "weir_drift_timestamp_seconds", "When that was.", figure_kind::gauge, figure_unit::seconds};
inline constexpr figure build_metric{
    {}, "weir_build_info", "The version of the program.", figure_kind::gauge, figure_unit::none};

} // namespace weir::core
