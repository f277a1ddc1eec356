#include "cli/run_view.hpp"

#include <cstdio>

#include <unistd.h>

namespace weir::cli {

namespace {

using count = unsigned long long;

double seconds(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double>(d).count();
}

} // namespace

run_totals totals_of(const core::lane_registry& registry) {
  run_totals out;
  for (const auto& lane : registry.lanes()) {
    const auto books = lane.ledger->snapshot();
    out.books.received += books.received;
    out.books.emitted += books.emitted;
    out.books.filtered += books.filtered;
    out.books.dead_lettered += books.dead_lettered;
    out.books.in_flight += books.in_flight;
    out.alerts += lane.stats->alerts.load(std::memory_order_relaxed);
    out.lag += lane.active ? lane.stats->lag() : 0;
    out.lanes += lane.active ? 1 : 0;
  }
  return out;
}

run_view::run_view(const config::pipeline& pipeline, const core::lane_registry& registry)
    : pipeline_{pipeline}, registry_{registry}, terminal_{isatty(STDERR_FILENO) != 0} {}

void run_view::update() {
  const auto now = clock::now();
  if (!terminal_ || now - last_ < std::chrono::seconds{1})
    return;
  const auto t = totals_of(registry_);
  const auto rate = static_cast<double>(t.books.received - last_received_) / seconds(now - last_);
  last_ = now;
  last_received_ = t.books.received;
  has_line_ = true;
  std::fprintf(stderr, "\r\033[K%s  %.0f records/s  in %llu  out %llu  filtered %llu  dead %llu  in flight %llu  lag %lld  alerts %llu",
               pipeline_.name.c_str(), rate, static_cast<count>(t.books.received), static_cast<count>(t.books.emitted),
               static_cast<count>(t.books.filtered), static_cast<count>(t.books.dead_lettered),
               static_cast<count>(t.books.in_flight), static_cast<long long>(t.lag), static_cast<count>(t.alerts));
}

void run_view::finish() {
  const auto t = totals_of(registry_);
  const auto elapsed = seconds(clock::now() - start_);
  if (has_line_)
    std::fputc('\n', stderr);
  std::fprintf(stderr,
               "%s: received %llu = emitted %llu + filtered %llu + dead-lettered %llu + in flight %llu; "
               "%llu alerts; %.1f s, %.0f records/s\n",
               pipeline_.name.c_str(), static_cast<count>(t.books.received), static_cast<count>(t.books.emitted),
               static_cast<count>(t.books.filtered), static_cast<count>(t.books.dead_lettered),
               static_cast<count>(t.books.in_flight), static_cast<count>(t.alerts), elapsed,
               static_cast<double>(t.books.received) / elapsed);
}

} // namespace weir::cli
