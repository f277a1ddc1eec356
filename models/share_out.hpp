#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace weir::models {

/// Calls `work(i)` for 0 <= i < count in some threads, each of which has its own `work = make_worker()`. Which thread
/// does what is open.
template <class MakeWorker>
void share_out(std::size_t count, std::size_t threads, const MakeWorker& make_worker) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    auto work = make_worker();
    for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1))
      work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min(threads, count); ++t)
    others.emplace_back(run);
  run();
}

/// How many threads are meant. @param asked 0: one for each core
inline std::size_t threads_for(std::size_t asked) {
  return asked != 0 ? asked : std::max(1u, std::thread::hardware_concurrency());
}

} // namespace weir::models
