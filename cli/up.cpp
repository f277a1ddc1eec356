#include "cli/child_process.hpp"
#include "cli/exit_code.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/pipeline_status.hpp"
#include "cli/run_view.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "config/cluster.hpp"
#include "core/stats/node_snapshot.hpp"
#include "io/http/stats_endpoint.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include <unistd.h>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

struct up_options {
  std::string file;
  std::string logs = ".weir";
};

/// A node that runs, or waits to be started again.
struct member {
  config::cluster_node node;
  std::string log;
  std::optional<child_process> process;
  clock::time_point started{};
  clock::time_point start_at{};
  std::chrono::milliseconds backoff = 500ms;
  int restarts = 0;
  bool is_done = false;       ///< it ended because it was told to, or for good
  bool is_refused = false;    ///< it says that it cannot run with this configuration
  std::uint64_t received = 0; ///< at the last look
};

constexpr auto longest_backoff = 30s;
constexpr auto healthy_after = 30s;

void start(member& m, const up_options& options) {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  m.process = child_process::start({self, "node", "--cluster", options.file, "--name", m.node.name}, m.log);
  m.started = clock::now();
}

/// @returns whether it said something.
bool watch(member& m, const up_options& options) {
  const auto now = clock::now();
  if (!m.process) {
    if (!m.is_done && now >= m.start_at)
      start(m, options);
    return false;
  }
  const auto end = m.process->poll();
  if (!end)
    return false;
  m.process.reset();
  if (end->exit_code == 0) { // `weir ctl stop`
    m.is_done = true;
    return false;
  }
  if (end->exit_code == static_cast<int>(exit_code::bad_configuration)) {
    m.is_done = m.is_refused = true;
    std::printf("%s cannot run with this configuration and is not started again; see %s\n", m.node.name.c_str(),
                m.log.c_str());
    std::fflush(stdout);
    return true;
  }
  ++m.restarts;
  if (now - m.started > healthy_after)
    m.backoff = 500ms;
  m.start_at = now + m.backoff;
  std::printf("%s ended with exit code %d, starts again in %.1f s; see %s\n", m.node.name.c_str(), end->exit_code,
              std::chrono::duration<double>(m.backoff).count(), m.log.c_str());
  std::fflush(stdout);
  m.backoff = std::min<std::chrono::milliseconds>(2 * m.backoff, longest_backoff);
  return true;
}

/// What the nodes that answer say of themselves and of each other.
std::optional<pipeline_status> look(const config::pipeline& pipeline) {
  auto found = ask(io::find_endpoints(pipeline.state_dir, pipeline.name));
  return found ? std::optional{std::move(found->front())} : std::nullopt;
}

/// A line of the table.
struct table_row {
  std::string state;
  std::string stats = "-"; ///< port
  int lanes = 0;
  std::string lag = "-";
  std::uint64_t received = 0;
};

table_row row_of(const member& m, const std::optional<pipeline_status>& status) {
  table_row row;
  row.state = m.process ? "starting" : m.is_done ? "stopped" : "down";
  if (!m.process || !status)
    return row;
  for (const auto& node : status->nodes) {
    if (node.node != m.node.name)
      continue;
    row.state = node.phase + (node.node == status->supervisor ? " *" : "");
    if (!node.url.empty())
      row.stats = node.url.substr(node.url.rfind(':') + 1);
    core::figure_sum sum;
    for (const auto& lane : node.lanes) {
      row.lanes += lane.active ? 1 : 0;
      sum.add(lane.figures, lane.active);
      row.received += static_cast<std::uint64_t>(lane.figures["received"]);
    }
    const core::lane_figure_name lag{"lag"};
    if (row.lanes > 0)
      row.lag = grouped(core::lane_figures()[lag.index()], sum.values()[lag]);
  }
  return row;
}

/// A line a node; on a terminal in the place of the table before. The supervisor's node has a star.
void print_table(std::vector<member>& members, const config::pipeline& pipeline, double seconds, bool again) {
  const auto status = look(pipeline);
  const char* to_line_end = again ? "\x1b[K" : ""; // clears what the line before was longer
  if (again)
    std::printf("\x1b[%zuA", members.size() + 1);
  std::printf("%-12s %8s %6s %8s %-10s %6s %12s %12s  %s%s\n", "node", "pid", "stats", "restarts", "state", "lanes",
              "lag", "records/s", "log", to_line_end);
  for (auto& m : members) {
    const auto row = row_of(m, status);
    const auto come = row.received > m.received ? row.received - m.received : 0;
    const auto rate = seconds > 0 ? static_cast<double>(come) / seconds : 0;
    m.received = row.received;
    std::printf("%-12s %8d %6s %8d %-10s %6d %12s %12s  %s%s\n", m.node.name.c_str(),
                m.process ? static_cast<int>(m.process->id()) : 0, row.stats.c_str(), m.restarts, row.state.c_str(),
                row.lanes, row.lag.c_str(), grouped(static_cast<std::uint64_t>(rate)).c_str(), m.log.c_str(),
                to_line_end);
  }
  std::fflush(stdout);
}

/// Tells all nodes to end at once; each drains within its own shutdown time-out.
exit_code drain(std::vector<member>& members) {
  for (auto& m : members)
    if (m.process)
      m.process->send(SIGTERM);
  const auto is_refused = [](const member& m) { return m.is_refused; };
  auto code = std::any_of(members.begin(), members.end(), is_refused) ? exit_code::bad_configuration : exit_code::done;
  for (auto& m : members)
    while (m.process) {
      if (const auto end = m.process->poll()) {
        if (end->exit_code != 0)
          code = exit_code::failed;
        m.process.reset();
      } else {
        std::this_thread::sleep_for(20ms);
      }
    }
  return code;
}

/// Until a signal comes, or all nodes have done what they were told to.
void watch_all(std::vector<member>& members, const config::pipeline& pipeline, const up_options& options) {
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  const auto is_done = [](const member& m) { return m.is_done; };
  auto shown = clock::now();
  bool has_said = false;
  print_table(members, pipeline, 0, false);
  while (!stop_requested && !std::all_of(members.begin(), members.end(), is_done)) {
    for (auto& m : members)
      has_said = watch(m, options) || has_said;
    const auto now = clock::now();
    if (is_terminal && now - shown > 1s) {
      print_table(members, pipeline, std::chrono::duration<double>(now - shown).count(), !has_said);
      shown = now;
      has_said = false;
    }
    std::this_thread::sleep_for(50ms);
  }
}

exit_code up(const up_options& options) {
  const auto cluster = config::parse_cluster(options.file);
  if (!cluster)
    return report(cluster.error());
  const auto loaded = load_pipeline(cluster->pipeline);
  if (!loaded)
    return exit_code::bad_configuration;
  catch_stop_signals();
  std::error_code problem;
  std::filesystem::create_directories(options.logs, problem);
  std::vector<member> members;
  for (const auto& node : cluster->nodes) {
    members.push_back({});
    members.back().node = node;
    members.back().log = options.logs + "/" + node.name + ".log";
    start(members.back(), options);
    if (!members.back().process) {
      drain(members);
      return report({"cannot start node '" + node.name + "'", members.back().log, "is the folder writable?"},
                    exit_code::unavailable);
    }
  }
  watch_all(members, *loaded->pipeline, options);
  std::printf(stop_requested ? "draining\n" : "all nodes have stopped\n");
  std::fflush(stdout);
  return drain(members);
}

void declare(arguments verb) {
  const auto options = std::make_shared<up_options>();
  verb.option("cluster", &options->file, "Cluster file").required();
  verb.option("--logs", &options->logs, "Folder of the nodes' logs").with_default();
  verb.run([options] { return up(*options); });
}

} // namespace

constexpr verb verbs::up{"up", "start the nodes of a cluster file on this machine, and keep them running",
                         "weir up cluster.yaml", declare};

} // namespace weir::cli
