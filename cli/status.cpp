#include "cli/node_choice.hpp"
#include "cli/run_view.hpp"
#include "cli/verbs.hpp"
#include "io/http_client.hpp"

#include <simdjson.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace weir::cli {

namespace {

struct status_options {
  node_choice nodes;
  std::string format = "table";
  double interval = 1; ///< seconds between the two looks that a rate is made of; 0: one look, no rate
};

struct lane_row {
  std::int64_t partition = 0;
  bool active = false;
  bool stalled = false;
  std::uint64_t received = 0;
  std::uint64_t emitted = 0;
  std::uint64_t filtered = 0;
  std::uint64_t dead = 0;
  std::uint64_t in_flight = 0;
  std::int64_t lag = 0;
};

struct node_status {
  std::string pipeline;
  std::string node;
  std::string phase;
  std::string reason; ///< why it is not ready; empty: it is
  std::vector<lane_row> lanes;
};

/// What a node answered as a status; nothing when it is not what a node answers.
std::optional<node_status> parse(const std::string& stats, const std::string& lanes) {
  simdjson::dom::parser parser;
  node_status out;
  simdjson::dom::element root;
  if (parser.parse(stats).get(root) != simdjson::SUCCESS)
    return std::nullopt;
  const auto text = [&](const char* name) {
    std::string_view value;
    return root[name].get(value) == simdjson::SUCCESS ? std::string{value} : std::string{};
  };
  out.pipeline = text("pipeline");
  out.node = text("node");
  out.phase = text("phase");
  out.reason = text("reason");
  simdjson::dom::array rows;
  if (parser.parse(lanes).get(root) != simdjson::SUCCESS || root["lanes"].get(rows) != simdjson::SUCCESS)
    return std::nullopt;
  for (const auto row : rows) {
    auto& lane = out.lanes.emplace_back();
    bool is_whole = row["partition"].get(lane.partition) == simdjson::SUCCESS;
    is_whole = is_whole && row["active"].get(lane.active) == simdjson::SUCCESS;
    is_whole = is_whole && row["stalled"].get(lane.stalled) == simdjson::SUCCESS;
    is_whole = is_whole && row["lag"].get(lane.lag) == simdjson::SUCCESS;
    const std::array<std::pair<const char*, std::uint64_t*>, 5> counts{{{"received", &lane.received},
                                                                        {"emitted", &lane.emitted},
                                                                        {"filtered", &lane.filtered},
                                                                        {"dead_lettered", &lane.dead},
                                                                        {"in_flight", &lane.in_flight}}};
    for (const auto& [name, value] : counts)
      is_whole = is_whole && row[name].get(*value) == simdjson::SUCCESS;
    if (!is_whole)
      return std::nullopt;
  }
  return out;
}

core::result<node_status> ask(const std::string& url) {
  const auto stats = io::http_call("GET", url + "/api/v1/stats");
  if (!stats)
    return tl::unexpected{stats.error()};
  const auto lanes = io::http_call("GET", url + "/api/v1/lanes");
  if (!lanes)
    return tl::unexpected{lanes.error()};
  auto status = parse(stats->body, lanes->body);
  if (!status)
    return core::fail(url + " does not answer as a node of Weir does");
  return *std::move(status);
}

void print_line(const char* node, const char* partition, const char* state, const lane_row& row, const char* rate) {
  std::printf("%-12s %9s %-9s %13s %13s %11s %9s %10s %11s %12s\n", node, partition, state,
              grouped(row.received).c_str(), grouped(row.emitted).c_str(), grouped(row.filtered).c_str(),
              grouped(row.dead).c_str(), grouped(row.in_flight).c_str(),
              grouped(static_cast<std::uint64_t>(row.lag)).c_str(), rate);
}

const char* state_of(const node_status& status, const lane_row& lane) {
  if (lane.stalled)
    return "stalled";
  return lane.active ? status.phase.c_str() : "elsewhere";
}

std::string rate_of(std::uint64_t before, std::uint64_t now, double seconds) {
  if (seconds <= 0)
    return "-";
  return now < before ? "0" : grouped(static_cast<std::uint64_t>(static_cast<double>(now - before) / seconds + 0.5));
}

/// @param before the same nodes `seconds` ago; 0: there was one look
void print_table(const std::vector<node_status>& nodes, const std::vector<node_status>& before, double seconds) {
  lane_row sum;
  std::uint64_t sum_before = 0;
  std::printf("%-12s %9s %-9s %13s %13s %11s %9s %10s %11s %12s\n", "node", "partition", "state", "received", "emitted",
              "filtered", "dead", "in flight", "lag", "records/s");
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::map<std::int64_t, std::uint64_t> received;
    for (const auto& lane : before[i].lanes)
      received[lane.partition] = lane.received;
    for (const auto& lane : nodes[i].lanes) {
      const auto rate = rate_of(received[lane.partition], lane.received, seconds);
      print_line(nodes[i].node.c_str(), std::to_string(lane.partition).c_str(), state_of(nodes[i], lane), lane,
                 rate.c_str());
      sum_before += received[lane.partition];
      sum.received += lane.received;
      sum.emitted += lane.emitted;
      sum.filtered += lane.filtered;
      sum.dead += lane.dead;
      sum.in_flight += lane.in_flight;
      sum.lag += lane.lag;
    }
  }
  print_line("all", "", "", sum, rate_of(sum_before, sum.received, seconds).c_str());
  for (const auto& node : nodes)
    if (!node.reason.empty())
      std::printf("%s is not ready: %s\n", node.node.c_str(), node.reason.c_str());
}

std::vector<core::result<node_status>> ask(const std::vector<io::endpoint_file>& targets) {
  std::vector<core::result<node_status>> out;
  for (const auto& target : targets)
    out.push_back(ask(target.url));
  return out;
}

/// What the nodes themselves answer, in one document.
exit_code print_json(const std::vector<io::endpoint_file>& targets) {
  std::string nodes;
  for (const auto& target : targets) {
    const auto stats = io::http_call("GET", target.url + "/api/v1/stats");
    const auto lanes = io::http_call("GET", target.url + "/api/v1/lanes");
    if (stats && lanes)
      nodes += (nodes.empty() ? "" : ",") + ("{\"stats\":" + stats->body + ",\"lanes\":" + lanes->body + "}");
    else
      report(stats ? lanes.error() : stats.error(), exit_code::unavailable);
  }
  if (nodes.empty())
    return exit_code::unavailable;
  std::erase(nodes, '\n');
  std::printf("{\"nodes\":[%s]}\n", nodes.c_str());
  return exit_code::done;
}

exit_code status(const status_options& options) {
  const auto targets = choose_nodes(options.nodes);
  if (!targets)
    return report(targets.error(), exit_code::unavailable);
  if (options.format == "json")
    return print_json(*targets);
  const auto first = ask(*targets);
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>{options.interval});
  const auto second = options.interval > 0 ? ask(*targets) : first;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::vector<node_status> before;
  std::vector<node_status> now;
  for (std::size_t i = 0; i < targets->size(); ++i) {
    // A finite run may end between the two looks; the first is then the news.
    const auto& newest = second[i] ? second[i] : first[i];
    if (!newest) {
      report(newest.error(), exit_code::unavailable);
      continue;
    }
    now.push_back(*newest);
    before.push_back(first[i] ? *first[i] : *newest);
  }
  if (now.empty())
    return exit_code::unavailable;
  print_table(now, before, options.interval > 0 ? elapsed.count() : 0);
  return exit_code::done;
}

} // namespace

void register_status(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<status_options>();
  auto* verb = app.add_subcommand("status", "Show what the running nodes of a pipeline do");
  add_node_options(*verb, options->nodes);
  verb->add_option("-o,--output", options->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  verb->add_option("--interval", options->interval, "Seconds over which rates are taken; 0: no rates")
      ->check(CLI::Range(0.0, 60.0))
      ->capture_default_str();
  verb->callback([options, &code] { code = status(*options); });
}

} // namespace weir::cli
