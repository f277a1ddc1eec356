#include "core/stats/figures.hpp"

#include "core/stats/metrics_text.hpp"
#include "core/stats/node_figures.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

std::string text_of(const std::vector<lane_snapshot>& lanes) {
  cluster_view view;
  view.values = {{"mean_5m", 2.5}};
  return metrics_text(lanes, true, 1, {1024, 2.5, 7}, {"p", "n", "1"}, &view);
}

lane_snapshot snapshot_with(lane_values figures) {
  return {.partition = partition_id{3}, .active = true, .ledger = {}, .figures = figures, .latency = {}};
}

TEST(figures_test, every_name_is_there_once_and_every_metric_follows_the_conventions) {
  std::set<std::string_view> names;
  for (const auto& f : lane_figures())
    if (!f.name.empty()) {
      EXPECT_TRUE(names.insert(f.name).second) << f.name;
    }
  std::set<std::string_view> metric_names;
  for (const auto& f : metrics()) {
    EXPECT_TRUE(metric_names.insert(f.metric).second) << f.metric;
    EXPECT_EQ(f.metric.ends_with("_total"), f.kind == figure_kind::counter) << f.metric;
    EXPECT_TRUE(f.help.ends_with('.')) << f.metric;
    EXPECT_FALSE(f.metric.ends_with("_ms")) << f.metric;
  }
}

TEST(figures_test, a_lane_figure_has_a_name_where_it_is_shown_and_a_column_only_of_what_the_cluster_hears) {
  for (const auto& f : lane_figures()) {
    EXPECT_NE(f.read, nullptr) << f.name;
    EXPECT_TRUE(f.places == 0 || !f.name.empty()) << f.metric;
    EXPECT_TRUE(!f.metric.empty() || f.places != 0) << f.name;
    EXPECT_TRUE(f.heading.empty() || (f.places & figure_place::cluster) != 0) << f.name;
    EXPECT_TRUE(f.heading.empty() || f.width > static_cast<int>(f.heading.size())) << f.name;
  }
}

// What dashboards and scripts refer to does not go away.
TEST(figures_test, the_metrics_keep_their_names) {
  const auto text = text_of({});
  for (const std::string name : {"weir_records_received_total",
                                 "weir_records_emitted_total",
                                 "weir_records_filtered_total",
                                 "weir_records_dead_lettered_total",
                                 "weir_records_in_flight",
                                 "weir_ledger_imbalance_records",
                                 "weir_received_bytes_total",
                                 "weir_batches_total",
                                 "weir_alerts_total",
                                 "weir_key_evictions_total",
                                 "weir_late_records_total",
                                 "weir_keys",
                                 "weir_lane_active",
                                 "weir_lag_records",
                                 "weir_committed_offset",
                                 "weir_last_offset",
                                 "weir_last_record_timestamp_seconds",
                                 "weir_last_progress_timestamp_seconds",
                                 "weir_dead_letters_total",
                                 "weir_latency_seconds",
                                 "weir_ready",
                                 "weir_stalled_lanes",
                                 "weir_supervisor",
                                 "weir_aggregate",
                                 "weir_build_info",
                                 "process_resident_memory_bytes",
                                 "process_cpu_seconds_total",
                                 "process_start_time_seconds"})
    EXPECT_NE(text.find("# TYPE " + name + " "), std::string::npos) << name;
}

TEST(figures_test, the_json_fields_keep_their_names_and_places) {
  const auto names_at = [](std::uint8_t place) {
    std::set<std::string_view> names;
    for (const auto& f : lane_figures())
      if ((f.places & place) != 0)
        names.insert(f.name);
    return names;
  };
  const auto lanes = names_at(figure_place::lanes);
  for (const auto* name : {"received", "emitted", "filtered", "dead_lettered", "in_flight", "imbalance", "lag",
                           "last_offset", "committed", "high_watermark", "last_timestamp_ms", "last_progress_ms",
                           "bytes", "batches", "alerts", "keys", "evictions", "late", "state_bytes"})
    EXPECT_TRUE(lanes.contains(name)) << name;
  const auto cluster = names_at(figure_place::cluster);
  for (const auto* name : {"received", "emitted", "filtered", "dead_lettered", "in_flight", "imbalance", "lag",
                           "alerts", "bytes_in_flight"})
    EXPECT_TRUE(cluster.contains(name)) << name;
}

TEST(figures_test, the_manual_names_every_metric) {
  std::ifstream file{WEIR_SOURCE_DIR "/docs/operating.md"};
  const std::string manual{std::istreambuf_iterator<char>{file}, {}};
  for (const auto& f : metrics())
    EXPECT_NE(manual.find("`" + std::string{f.metric} + "`"), std::string::npos) << f.metric;
}

TEST(figures_test, reads_a_lane) {
  lane_stats stats;
  stats.on_read(4, 400, 3, 10);
  stats.on_barrier({5, 6, 7, 9, 8});
  lane_stats::set(stats.bytes_in_flight, 99);
  const ledger_snapshot ledger{10, 5, 3, 1, 2};
  const auto here = read_figures({ledger, stats, true});
  EXPECT_EQ(here["received"], 10);
  EXPECT_EQ(here["emitted"], 5);
  EXPECT_EQ(here["imbalance"], -1);
  EXPECT_EQ(here["lag"], 6);
  EXPECT_EQ(here["bytes"], 400);
  EXPECT_EQ(here["keys"], 5);
  EXPECT_EQ(here["evictions"], 6);
  EXPECT_EQ(here["late"], 7);
  EXPECT_EQ(here["ahead"], 9);
  EXPECT_EQ(here["state_bytes"], 8);
  EXPECT_EQ(here["bytes_in_flight"], 99);
  EXPECT_EQ(here["committed"], lane_stats::unknown);
  const auto elsewhere = read_figures({ledger, stats, false});
  EXPECT_EQ(elsewhere["lag"], lane_stats::unknown);
  EXPECT_EQ(elsewhere["bytes_in_flight"], 0);
}

TEST(figures_test, exports_times_in_seconds_and_leaves_out_what_is_not_known) {
  lane_values figures;
  figures["last_timestamp_ms"] = 1500;
  figures["last_progress_ms"] = lane_stats::unknown;
  figures["lag"] = lane_stats::unknown;
  figures["imbalance"] = -1; // a number as any other
  const auto text = text_of({snapshot_with(figures)});
  const std::string labels = R"({pipeline="p",node="n",partition="3"} )";
  EXPECT_NE(text.find("weir_last_record_timestamp_seconds" + labels + "1.5\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("weir_lag_records{"), std::string::npos);
  EXPECT_NE(text.find("weir_ledger_imbalance_records" + labels + "-1\n"), std::string::npos);
  EXPECT_EQ(text.find("weir_last_progress_timestamp_seconds{"), std::string::npos);
}

TEST(figures_test, adds_up_absolute_values) {
  lane_values a;
  lane_values b;
  a["imbalance"] = 3;
  b["imbalance"] = -3;
  a["received"] = b["received"] = 4;
  const auto sum = sum_of({snapshot_with(a), snapshot_with(b)});
  EXPECT_EQ(sum["imbalance"], 6);
  EXPECT_EQ(sum["received"], 8);
}

TEST(figures_test, a_sum_is_known_when_every_lane_that_runs_knows_its_part) {
  lane_values knows;
  lane_values knows_not;
  knows["lag"] = 7;
  knows_not["lag"] = lane_stats::unknown;
  auto away = snapshot_with(knows_not);
  EXPECT_EQ(sum_of({snapshot_with(knows), snapshot_with(knows)})["lag"], 14);
  EXPECT_EQ(sum_of({snapshot_with(knows), away})["lag"], lane_stats::unknown);
  away.active = false;
  EXPECT_EQ(sum_of({snapshot_with(knows), away})["lag"], 7);
  EXPECT_EQ(totals_of({snapshot_with(knows), away}).lag, 7);
  EXPECT_EQ(sum_of({away})["lag"], lane_stats::unknown) << "nobody reads, so nobody knows";
}

} // namespace
} // namespace weir::core
