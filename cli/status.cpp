#include "cli/node_choice.hpp"
#include "cli/pipeline_status.hpp"
#include "cli/run_view.hpp"
#include "cli/verbs.hpp"
#include "core/stats/node_snapshot.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace weir::cli {

namespace {

struct status_options {
  node_choice nodes;
  std::string format = "table";
  double interval = 1; ///< seconds between the two looks that a rate is made of; 0: one look, no rate
};

/// A line of the table: what stands in the columns of the figures comes from `cell`.
template <class Cell>
void print_line(const char* node, const char* partition, const char* state, const Cell& cell, const char* rate) {
  std::printf("%-12s %9s %-9s", node, partition, state);
  for (std::size_t i = 0; i < core::lane_figures().size(); ++i)
    if (const auto& f = core::lane_figures()[i]; !f.heading.empty())
      std::printf(" %*s", f.width, std::string{cell(f, i)}.c_str());
  std::printf(" %12s\n", rate);
}

constexpr const char* elsewhere = "elsewhere"; ///< where the lane is now; what is known of it is known there

void print_values(const char* node, const char* partition, const char* state, const core::lane_values& values,
                  const char* rate) {
  const bool is_elsewhere = std::string_view{state} == elsewhere;
  const auto cell = [&](const core::lane_figure& f, std::size_t i) {
    const auto value = values.by_index[i];
    return is_elsewhere && !f.is_known(value) ? "-" : grouped(f, value);
  };
  print_line(node, partition, state, cell, rate);
}

const char* state_of(const node_status& status, const lane_row& lane) {
  if (lane.stalled)
    return "stalled";
  // A drained node has given its lanes to nobody.
  const bool is_here = lane.active || status.phase == core::to_string(core::node_phase::drained);
  return is_here ? status.phase.c_str() : elsewhere;
}

std::string rate_of(std::uint64_t before, std::uint64_t now, double seconds) {
  if (seconds <= 0)
    return "-";
  return now < before ? "0" : grouped(static_cast<std::uint64_t>(static_cast<double>(now - before) / seconds + 0.5));
}

using received_counts = std::map<std::pair<std::string, std::int64_t>, std::uint64_t>; ///< by node and partition

std::uint64_t received_of(const lane_row& lane) {
  return static_cast<std::uint64_t>(lane.figures["received"]);
}

received_counts received_of(const pipeline_status& status) {
  received_counts out;
  for (const auto& node : status.nodes)
    for (const auto& lane : node.lanes)
      out[{node.node, lane.partition}] = received_of(lane);
  return out;
}

/// `partitions 0, 3, 7`; of many the first ones.
std::string listed(const std::vector<std::int64_t>& partitions) {
  constexpr std::size_t shown = 16;
  std::string text = partitions.size() == 1 ? "partition " : "partitions ";
  for (std::size_t i = 0; i < std::min(partitions.size(), shown); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(partitions[i]);
  return partitions.size() > shown ? text + " and " + std::to_string(partitions.size() - shown) + " more" : text;
}

/// A node that was not heard of for so long is said to be silent.
constexpr std::int64_t silent_after_ms = 3000;

/// @param before what the lanes had received `seconds` ago; 0: there was one look
void print_table(const pipeline_status& status, const received_counts& before, double seconds) {
  core::figure_sum sum;
  std::uint64_t sum_before = 0;
  std::printf("pipeline %s, supervisor on %s\n", status.pipeline.c_str(),
              status.supervisor.empty() ? "no node yet" : status.supervisor.c_str());
  print_line(
      "node", "partition", "state", [](const core::lane_figure& f, std::size_t) { return f.heading; }, "records/s");
  for (const auto& node : status.nodes) {
    // Lanes that were given away before anything came are not shown.
    const auto is_shown = [](const lane_row& lane) { return lane.active || received_of(lane) > 0; };
    if (std::none_of(node.lanes.begin(), node.lanes.end(), is_shown))
      std::printf("%-12s %9s %-9s\n", node.node.c_str(), "-", node.phase.c_str());
    for (const auto& lane : node.lanes) {
      if (!is_shown(lane))
        continue;
      const auto known = before.find({node.node, lane.partition});
      const auto received = received_of(lane);
      const auto then = known == before.end() ? received : known->second;
      print_values(node.node.c_str(), std::to_string(lane.partition).c_str(), state_of(node, lane), lane.figures,
                   rate_of(then, received, seconds).c_str());
      sum_before += then;
      sum.add(lane.figures, lane.active);
    }
  }
  auto all = sum.values();
  const auto on_no_node = status.on_no_node();
  if (!on_no_node.empty())
    all["lag"] = core::lane_stats::unknown;
  print_values("all", "", "", all, rate_of(sum_before, static_cast<std::uint64_t>(all["received"]), seconds).c_str());
  if (!on_no_node.empty())
    std::printf("on no node: %s\n", listed(on_no_node).c_str());
  for (const auto& [name, count] : named_dead_letters(all))
    std::printf("dead letters, %s: %s\n", name.c_str(), grouped(count).c_str());
  for (const auto& [name, value] : status.aggregates)
    std::printf("%s %.10g\n", name.c_str(), value);
  for (const auto& row : status.drift)
    std::printf("%s%s: %.1f %% lie elsewhere (%.1f %% by chance), p %.2g, of the last %s records\n", row.column.c_str(),
                row.drifts ? " DRIFTS" : "", row.drift_percent, row.chance_percent, row.adjusted_p_value,
                grouped(static_cast<std::uint64_t>(status.drift_records)).c_str());
  for (const auto& node : status.nodes) {
    if (node.age_ms > silent_after_ms)
      std::printf("%s is silent for %.1f s\n", node.node.c_str(), static_cast<double>(node.age_ms) / 1000);
    else if (!node.reason.empty())
      std::printf("%s is not ready: %s\n", node.node.c_str(), node.reason.c_str());
  }
}

exit_code print_json(const std::vector<pipeline_status>& pipelines) {
  std::string texts;
  for (const auto& pipeline : pipelines)
    texts += (texts.empty() ? "" : ",") + pipeline.json();
  std::printf("{\"pipelines\":[%s]}\n", texts.c_str());
  return exit_code::done;
}

exit_code status(const status_options& options) {
  const auto targets = choose_nodes(options.nodes);
  if (!targets)
    return report(targets.error(), exit_code::unavailable);
  const auto first = ask(*targets);
  if (!first)
    return report(first.error(), exit_code::unavailable);
  if (options.format == "json")
    return print_json(*first);
  std::this_thread::sleep_for(std::chrono::duration<double>{options.interval});
  const auto second = options.interval > 0 ? ask(*targets).value_or(*first) : *first;
  for (const auto& before : *first) {
    const auto is_same = [&](const pipeline_status& other) { return other.pipeline == before.pipeline; };
    const auto found = std::find_if(second.begin(), second.end(), is_same);
    // A finite run may end between the two looks; the first is then the news.
    const auto& now = found == second.end() ? before : *found;
    print_table(now, received_of(before), std::chrono::duration<double>{now.at - before.at}.count());
  }
  return exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<status_options>();
  add_node_options(verb, options->nodes);
  verb.option("-o,--output", &options->format, "table or json").one_of({"table", "json"}).with_default();
  verb.option("--interval", &options->interval, "Seconds over which rates are taken; 0: no rates")
      .between(0.0, 60.0)
      .with_default();
  verb.run([options] { return status(*options); });
}

} // namespace

constexpr verb verbs::status{"status", "show what a pipeline does, on all its nodes", "weir status", declare};

} // namespace weir::cli
