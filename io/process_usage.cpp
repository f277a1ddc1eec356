#include "io/process_usage.hpp"

#include <chrono>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace weir::io {

namespace {

/// Close enough to the process's start: this is set before main().
const double start_seconds = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

} // namespace

core::process_usage read_process_usage() {
  core::process_usage out;
  out.start_seconds = start_seconds;
  std::ifstream sizes{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (sizes >> total >> resident)
    out.resident_bytes = resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    out.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return out;
}

std::uint64_t machine_memory() {
  const auto pages = sysconf(_SC_PHYS_PAGES);
  const auto page_size = sysconf(_SC_PAGESIZE);
  std::uint64_t bytes = 0;
  if (pages > 0 && page_size > 0)
    bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size);
  std::ifstream of_container{"/sys/fs/cgroup/memory.max"};
  std::uint64_t limit = 0;
  if (of_container >> limit && limit > 0 && (bytes == 0 || limit < bytes))
    bytes = limit;
  return bytes;
}

} // namespace weir::io
