#include "cli/child_process.hpp"
#include "cli/exit_code.hpp"
#include "cli/pipeline_status.hpp"
#include "cli/run_view.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "config/cluster.hpp"

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
  bool is_done = false;       ///< it ended because it was told to
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

/// What the nodes say of themselves, by any of them that answers.
std::optional<pipeline_status> look(const std::vector<member>& members) {
  for (const auto& m : members)
    if (m.process && m.node.stats_port > 0)
      if (auto status = status_of("http://127.0.0.1:" + std::to_string(m.node.stats_port)))
        return *std::move(status);
  return std::nullopt;
}

/// A line a node; on a terminal in the place of the table before.
void print_table(std::vector<member>& members, double seconds, bool again) {
  const auto status = look(members);
  const char* to_line_end = again ? "\x1b[K" : ""; // clears what the line before was longer
  if (again)
    std::printf("\x1b[%zuA", members.size() + 1);
  std::printf("%-12s %8s %6s %8s %-10s %6s %12s %12s  %s%s\n", "node", "pid", "stats", "restarts", "state", "lanes",
              "lag", "records/s", "log", to_line_end);
  for (auto& m : members) {
    std::string state = m.process ? "starting" : m.is_done ? "stopped" : "down";
    std::uint64_t received = 0;
    std::int64_t lag = 0;
    int lanes = 0;
    for (const auto& node : status ? status->nodes : std::vector<node_status>{})
      if (node.node == m.node.name && m.process) {
        state = node.phase;
        if (node.node == status->supervisor)
          state += " *";
        for (const auto& lane : node.lanes) {
          lanes += lane.active ? 1 : 0;
          lag += lane.lag;
          received += lane.received;
        }
      }
    const auto rate = seconds > 0 && received > m.received ? static_cast<double>(received - m.received) / seconds : 0;
    m.received = received;
    std::printf("%-12s %8d %6d %8d %-10s %6d %12s %12s  %s%s\n", m.node.name.c_str(),
                m.process ? static_cast<int>(m.process->id()) : 0, m.node.stats_port, m.restarts, state.c_str(), lanes,
                grouped(static_cast<std::uint64_t>(lag)).c_str(), grouped(static_cast<std::uint64_t>(rate)).c_str(),
                m.log.c_str(), to_line_end);
  }
  std::fflush(stdout);
}

/// Tells all nodes to end at once; each drains within its own shutdown time-out.
exit_code drain(std::vector<member>& members) {
  for (auto& m : members)
    if (m.process)
      m.process->send(SIGTERM);
  auto code = exit_code::done;
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
void watch_all(std::vector<member>& members, const up_options& options) {
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  const auto is_done = [](const member& m) { return m.is_done; };
  auto shown = clock::now();
  bool has_said = false;
  print_table(members, 0, false);
  while (!stop_requested && !std::all_of(members.begin(), members.end(), is_done)) {
    for (auto& m : members)
      has_said = watch(m, options) || has_said;
    const auto now = clock::now();
    if (is_terminal && now - shown > 1s) {
      print_table(members, std::chrono::duration<double>(now - shown).count(), !has_said);
      shown = now;
      has_said = false;
    }
    std::this_thread::sleep_for(50ms);
  }
}

exit_code up(const up_options& options) {
  const auto cluster = config::parse_cluster(options.file);
  if (!cluster) {
    for (const auto& problem : cluster.error())
      std::fprintf(stderr, "%s\n", problem.text().c_str());
    return exit_code::bad_configuration;
  }
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
  watch_all(members, options);
  std::printf(stop_requested ? "draining\n" : "all nodes have stopped\n");
  std::fflush(stdout);
  return drain(members);
}

} // namespace

void register_up(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<up_options>();
  auto* verb = app.add_subcommand("up", "Start the nodes of a cluster file on this machine, and keep them running");
  verb->add_option("cluster", options->file, "Cluster file")->required();
  verb->add_option("--logs", options->logs, "Folder of the nodes' logs")->capture_default_str();
  verb->callback([options, &code] { code = up(*options); });
}

} // namespace weir::cli
