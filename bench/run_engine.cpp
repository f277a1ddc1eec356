// Runs a stream engine over a backlog and measures it from outside:
//   run_engine --brokers B --in IN --out OUT --group G [--start-up-cpu S | --start-up-to-output] [--warm-up N]
//   [--go-on-with TOPIC] [--processes N] -- COMMAND...
// It is finished when the group's committed offsets have reached the end of IN; then it gets SIGTERM and has to exit by
// itself within 30 s. What the group has committed before does not count. Prints one JSON object:
//   {"records":..., "seconds":..., "records_per_second":..., "cpu_us_per_record":..., "peak_mb":...,
//   "first_output_s":...,
//    "cpu_s":..., "stop_s":..., "exit_code":..., "warm_cpu_us_per_record":..., "warm_records_per_second":...}
// `first_output_s` is from the start of the process until a read_committed reader could see an output; `seconds` from
// there to the end. The start-up's CPU time is measured by a run on an empty topic (--idle SECONDS, which prints
// `cpu_s`) and given back by --start-up-cpu, to be subtracted; for an engine that has work to do while it is idle as
// well, the start-up ends with the first output (--start-up-to-output). The two `warm` figures leave out the first N
// records altogether: an engine that compiles itself while it runs has done most of that by then. --go-on-with: when it
// has ended, the group is given the offsets of IN for another topic as well; a second run that reads that one goes on
// with the state of this. Of several processes CPU time and memory are added up; `{}` in the command is the number of
// each, from 1.

#include "bench/bench.hpp"
#include "cli/child_process.hpp"

#include <csignal>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

#include <unistd.h>

namespace weir::bench {
namespace {

using namespace std::chrono_literals;

struct options : route {
  std::string group;
  double start_up_cpu = 0;
  bool start_up_to_output = false;
  double idle = 0;
  double time_limit = 300;
  std::uint64_t warm_up = 0;
  int processes = 1;
  std::string go_on_with;
  std::vector<std::string> command;
};

/// The engine's process and what /proc says about it.
class engine_process {
public:
  explicit engine_process(const std::vector<std::string>& command) :
      process_{cli::child_process::start(command, STDERR_FILENO)} {
    if (!process_)
      die("cannot start " + command.front());
  }

  /// User and system time so far, in seconds; in steps of 10 ms.
  double cpu() const {
    std::ifstream in{proc("stat")};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    // The name of the program may hold blanks; the fields behind it do not.
    std::istringstream fields{text.substr(text.rfind(')') + 1)};
    std::string skipped;
    for (int i = 0; i < 11; ++i)
      fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  /// Peak resident memory, in MB.
  double peak_memory() const {
    std::ifstream in{proc("status")};
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("VmHWM:"))
        return std::strtod(line.c_str() + 6, nullptr) * 1024 / 1e6;
    return 0;
  }

  bool ended() {
    if (!end_)
      end_ = process_->poll();
    return end_.has_value();
  }

  /// SIGTERM, then SIGKILL after 30 s. @returns the exit code, or 128 + the signal that ended it.
  int stop() {
    if (!ended())
      process_->send(SIGTERM);
    for (const auto asked = clock::now(); !ended(); std::this_thread::sleep_for(5ms))
      if (seconds_since(asked) > 30)
        process_->send(SIGKILL);
    return end_->exit_code;
  }

private:
  std::string proc(const char* file) const { return "/proc/" + std::to_string(process_->id()) + "/" + file; }

  std::optional<cli::child_process> process_;
  std::optional<cli::child_end> end_;
};

/// All processes of an engine.
class engine {
public:
  explicit engine(const options& given) {
    for (int i = 1; i <= given.processes; ++i) {
      auto command = given.command;
      for (auto& word : command)
        if (const auto at = word.find("{}"); at != word.npos)
          word.replace(at, 2, std::to_string(i));
      processes_.push_back(std::make_unique<engine_process>(command));
    }
  }

  double cpu() const { return sum_of(&engine_process::cpu); }
  double peak_memory() const { return sum_of(&engine_process::peak_memory); }

  /// One of them has.
  bool ended() {
    return std::ranges::any_of(processes_, [](auto& one) { return one->ended(); });
  }

  /// One after the other, as engine_process::stop(). @returns the first exit code that is not 0
  int stop() {
    int code = 0;
    for (auto& one : processes_)
      if (const auto own = one->stop(); code == 0)
        code = own;
    return code;
  }

private:
  double sum_of(double (engine_process::*figure)() const) const {
    double sum = 0;
    for (const auto& one : processes_)
      sum += ((*one).*figure)();
    return sum;
  }

  std::vector<std::unique_ptr<engine_process>> processes_;
};

/// How far an engine is, and what it has taken for that.
struct progress {
  std::int64_t records = 0; ///< committed
  double seconds = 0;       ///< since its start
  double cpu = 0;           ///< seconds
};

std::int64_t committed_records(rd_kafka_t* client, const std::string& topic,
                               const std::vector<std::pair<std::int64_t, std::int64_t>>& bounds) {
  const auto list = io::make_partition_list(static_cast<int>(bounds.size()));
  for (std::size_t p = 0; p < bounds.size(); ++p)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<std::int32_t>(p));
  if (rd_kafka_committed(client, list.get(), 5000) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return 0;
  std::int64_t sum = 0;
  for (std::size_t p = 0; p < bounds.size(); ++p)
    if (const auto at = list->elems[p].offset; at > bounds[p].first)
      sum += at - bounds[p].first;
  return sum;
}

/// Makes the group go on in another topic where it has ended in this one.
void copy_offsets(rd_kafka_t* client, const std::string& from, const std::string& to, std::size_t partitions) {
  const auto list = io::make_partition_list(static_cast<int>(partitions));
  for (std::size_t p = 0; p < partitions; ++p)
    rd_kafka_topic_partition_list_add(list.get(), from.c_str(), static_cast<std::int32_t>(p));
  auto err = rd_kafka_committed(client, list.get(), 5000);
  const auto copies = io::make_partition_list(static_cast<int>(partitions));
  for (std::size_t p = 0; p < partitions; ++p)
    rd_kafka_topic_partition_list_add(copies.get(), to.c_str(), static_cast<std::int32_t>(p))->offset =
        list->elems[p].offset;
  if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
    err = rd_kafka_commit(client, copies.get(), 0);
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
    die(std::string{"cannot copy the group's offsets: "} + rd_kafka_err2str(err));
}

/// @param before the watermarks of OUT as they were
bool has_output(rd_kafka_t* client, const std::string& topic,
                const std::vector<std::pair<std::int64_t, std::int64_t>>& before) {
  for (std::size_t p = 0; p < before.size(); ++p)
    if (watermarks_of(client, topic, static_cast<int>(p)).second > before[p].second)
      return true;
  return false;
}

int run(const options& given) {
  const auto watcher = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", given.brokers},
                                                       {"group.id", given.group},
                                                       {"enable.auto.commit", "false"},
                                                       {"isolation.level", "read_committed"}});
  const auto partitions_of = [&](const auto& topic) {
    const auto count = require(io::partition_count(watcher.get(), topic, 10s));
    return count > 0 ? count : (die("there is no topic '" + topic + "'"), 0);
  };
  const auto outputs = watermarks(watcher.get(), given.out, partitions_of(given.out));
  const auto bounds = watermarks(watcher.get(), given.in, partitions_of(given.in));
  const auto done_before = committed_records(watcher.get(), given.in, bounds);
  std::int64_t records = -done_before;
  for (const auto& [low, high] : bounds)
    records += high - low;

  const auto started = clock::now();
  engine engine{given};
  if (given.idle > 0) {
    std::this_thread::sleep_for(std::chrono::duration<double>{given.idle});
    const auto cpu = engine.cpu();
    const auto code = engine.stop();
    std::printf("{\"cpu_s\":%.2f,\"exit_code\":%d}\n", cpu, code);
    return code;
  }

  const auto wait_until = [&](const auto& condition, auto interval) {
    for (; !condition(); std::this_thread::sleep_for(interval)) {
      if (engine.ended())
        die("the engine has ended before its work was done");
      if (seconds_since(started) > given.time_limit) {
        engine.stop();
        die("the engine did not finish in time");
      }
    }
  };
  wait_until([&] { return has_output(watcher.get(), given.out, outputs); }, 5ms);
  const auto first_output = seconds_since(started);
  const auto start_up_cpu = given.start_up_to_output ? engine.cpu() : given.start_up_cpu;
  std::optional<progress> warm;
  progress now;
  const auto look = [&] {
    now = {committed_records(watcher.get(), given.in, bounds) - done_before, seconds_since(started), engine.cpu()};
    if (!warm && now.records >= static_cast<std::int64_t>(given.warm_up))
      warm = now;
    return now.records >= records;
  };
  wait_until(look, 50ms);
  const auto seconds = now.seconds - first_output;
  const auto cpu = now.cpu - start_up_cpu;
  const auto memory = engine.peak_memory();
  const auto stopping = clock::now();
  const auto code = engine.stop();
  if (!given.go_on_with.empty())
    copy_offsets(watcher.get(), given.in, given.go_on_with, bounds.size());
  const auto n = static_cast<double>(std::max<std::int64_t>(records, 1));
  std::printf(R"({"records":%lld,"seconds":%.3f,"records_per_second":%.0f,"cpu_us_per_record":%.3f,"peak_mb":%.0f,)"
              R"("first_output_s":%.2f,"cpu_s":%.2f,"stop_s":%.2f,"exit_code":%d)",
              static_cast<long long>(records), seconds, n / seconds, cpu / n * 1e6, memory, first_output, cpu,
              seconds_since(stopping), code);
  // An engine that was at the end when it was looked at for the first time has no more to say.
  if (warm->records < now.records) {
    const auto left = static_cast<double>(now.records - warm->records);
    std::printf(R"(,"warm_cpu_us_per_record":%.3f,"warm_records_per_second":%.0f)", (now.cpu - warm->cpu) / left * 1e6,
                left / (now.seconds - warm->seconds));
  }
  std::printf("}\n");
  return code;
}

} // namespace
} // namespace weir::bench

int main(int argc, char** argv) {
  weir::bench::options given;
  weir::cli::command_line line{"Runs a stream engine over a backlog and measures it from outside"};
  auto& arguments = line.all();
  weir::bench::add_route(arguments, given);
  arguments.option("--group", &given.group).required();
  arguments.option("--start-up-cpu", &given.start_up_cpu, "seconds to subtract");
  arguments.flag("--start-up-to-output", given.start_up_to_output, "subtract what the first output has taken");
  arguments.option("--idle", &given.idle, "only start it, wait so many seconds, and say what CPU time that took");
  arguments.option("--warm-up", &given.warm_up, "records that the `warm` figures leave out");
  arguments.option("--go-on-with", &given.go_on_with, "topic in which a later run is to read on");
  arguments.option("--processes", &given.processes, "so many of them share the work");
  arguments.option("--time-limit", &given.time_limit, "seconds");
  arguments.option("COMMAND", &given.command).required();
  if (const auto end = line.parse(argc, argv))
    return *end;
  return weir::bench::run(given);
}
