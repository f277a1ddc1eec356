#include "cli/run_view.hpp"

#include "cli/say.hpp"

#include <array>
#include <cstdio>

#include <unistd.h>

namespace weir::cli {

namespace {

constexpr auto terminal_interval = std::chrono::seconds{1};
constexpr auto log_interval = std::chrono::seconds{10};

double seconds(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double>(d).count();
}

/// A count a second, without decimals.
std::string per_second(double rate) {
  return grouped(static_cast<std::uint64_t>(rate < 0 ? 0 : rate + 0.5)) + " records/s";
}

std::string row(const char* label, std::uint64_t count, const char* more = "") {
  std::array<char, 64> head{};
  std::snprintf(head.data(), head.size(), "  %-14s %15s", label, grouped(count).c_str());
  return head.data() + std::string{more} + "\n";
}

} // namespace

std::string grouped(std::uint64_t count) {
  auto text = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

std::string grouped(const core::lane_figure& of, std::int64_t value) {
  return of.is_known(value) ? grouped(static_cast<std::uint64_t>(value)) : "?";
}

std::vector<std::pair<std::string, std::uint64_t>> named_dead_letters(const core::lane_values& of) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  const auto counts = core::dead_letters_by_reason(of);
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (const auto& reason = core::dead_letter_reason_table[i]; counts[i] > 0)
      out.emplace_back(std::string{to_string(reason.stage)} + " " + std::string{reason.code}, counts[i]);
  return out;
}

std::string live_line(const std::string& name, const core::node_totals& totals, double rate) {
  const auto& ledger = totals.ledger;
  auto line = name + "  " + per_second(rate) + "  received " + grouped(ledger.received) + "  emitted "
              + grouped(ledger.emitted) + "  filtered " + grouped(ledger.filtered) + "  dead "
              + grouped(ledger.dead_lettered) + "  in flight " + grouped(ledger.in_flight);
  if (totals.lag > 0)
    line += "  lag " + grouped(static_cast<std::uint64_t>(totals.lag));
  if (totals.alerts > 0)
    line += "  alerts " + grouped(totals.alerts);
  return line;
}

std::string summary(const std::string& name, const std::vector<core::lane_snapshot>& lanes,
                    std::chrono::duration<double> elapsed) {
  const auto totals = core::totals_of(lanes);
  const auto& ledger = totals.ledger;
  std::array<char, 32> time{};
  std::snprintf(time.data(), time.size(), "%.1f s", elapsed.count());
  const auto rate = elapsed.count() > 0 ? static_cast<double>(ledger.received) / elapsed.count() : 0.0;
  auto out = name + ": " + per_second(rate) + " for " + time.data() + ", " + std::to_string(lanes.size())
             + (lanes.size() == 1 ? " partition\n" : " partitions\n");
  out += row("received", ledger.received);
  if (ledger.made > 0 || ledger.windowed > 0)
    out += row("+ made by windows", ledger.made);
  out += row("= emitted", ledger.emitted);
  out += row("+ filtered", ledger.filtered);
  if (ledger.made > 0 || ledger.windowed > 0)
    out += row("+ taken by windows", ledger.windowed);
  out += row("+ dead letters", ledger.dead_lettered);
  for (const auto& [reason, count] : named_dead_letters(core::sum_of(lanes)))
    out += row("", count, ("   " + reason).c_str());
  out += row("+ in flight", ledger.in_flight, ledger.in_flight > 0 ? "   not committed: they will be read again" : "");
  if (totals.imbalance != 0)
    out += row("! unaccounted", static_cast<std::uint64_t>(totals.imbalance), "   this is an error of the program");
  out += row("alerts", totals.alerts);
  out.pop_back(); // the line's end is whoever's who says it
  return out;
}

run_view::run_view(const config::pipeline& pipeline, const core::node_watch& watch) :
    pipeline_{pipeline}, watch_{watch}, terminal_{isatty(STDERR_FILENO) != 0 && !says_in_json()} {}

void run_view::update() {
  const auto now = clock::now();
  if (now - last_ < (terminal_ ? clock::duration{terminal_interval} : clock::duration{log_interval}))
    return;
  const auto totals = core::totals_of(watch_.lanes());
  // An abort takes back what was received.
  const auto gain = static_cast<double>(totals.ledger.received) - static_cast<double>(last_ledger_.received);
  const auto line = live_line(pipeline_.name, totals, gain / seconds(now - last_));
  last_ = now;
  if (terminal_)
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
  else if (totals.ledger != last_ledger_)
    say(tone::info, line);
  has_line_ = terminal_;
  last_ledger_ = totals.ledger;
}

void run_view::finish() {
  if (has_line_)
    std::fputs("\r\033[K", stderr);
  say(tone::info, summary(pipeline_.name, watch_.lanes(), clock::now() - start_));
}

} // namespace weir::cli
