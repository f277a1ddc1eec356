#include "cli/child_process.hpp"
#include "cli/exit_code.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "config/cluster.hpp"

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
  std::optional<int> last_exit;
};

constexpr auto longest_backoff = 30s;
constexpr auto healthy_after = 30s;

void start(member& m, const up_options& options) {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  m.process = child_process::start({self, "node", "--cluster", options.file, "--name", m.node.name}, m.log);
  m.started = clock::now();
}

void watch(member& m, const up_options& options) {
  const auto now = clock::now();
  if (!m.process) {
    if (now >= m.start_at)
      start(m, options);
    return;
  }
  const auto end = m.process->poll();
  if (!end)
    return;
  m.process.reset();
  m.last_exit = end->exit_code;
  ++m.restarts;
  if (now - m.started > healthy_after)
    m.backoff = 500ms;
  m.start_at = now + m.backoff;
  std::printf("%s ended with exit code %d, starts again in %.1f s; see %s\n", m.node.name.c_str(), end->exit_code,
              std::chrono::duration<double>(m.backoff).count(), m.log.c_str());
  std::fflush(stdout);
  m.backoff = std::min<std::chrono::milliseconds>(2 * m.backoff, longest_backoff);
}

void print_table(const std::vector<member>& members) {
  std::printf("%-12s %8s %8s %9s  %s\n", "NODE", "PID", "STATS", "RESTARTS", "LOG");
  for (const auto& m : members)
    std::printf("%-12s %8d %8d %9d  %s\n", m.node.name.c_str(), m.process ? static_cast<int>(m.process->id()) : 0,
                m.node.stats_port, m.restarts, m.log.c_str());
  std::fflush(stdout);
}

/// Ends all nodes one by one being told at once; each drains within its own shutdown time-out.
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
  print_table(members);
  while (!stop_requested) {
    for (auto& m : members)
      watch(m, options);
    std::this_thread::sleep_for(50ms);
  }
  std::printf("draining\n");
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
