#include "core/cluster/stream_drift.hpp"

#include "core/base/byte_codec.hpp"

#include <algorithm>

namespace weir::core {

namespace {

/// Records that a window needs.
std::uint64_t needed(const stream_drift_plan& plan, std::uint64_t window) {
  const auto for_bins = std::max<std::uint64_t>(plan.baseline_size / 4, 1);
  return window == choosing_window   ? for_bins
         : window == baseline_window ? std::max<std::uint64_t>(plan.baseline_size - for_bins, 1)
                                     : plan.window;
}

std::vector<std::string> given_bins(const stream_drift_plan& plan) {
  std::vector<std::string> all(plan.columns.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (plan.columns[i].given)
      plan.columns[i].given->encode_bins(all[i]);
  return all;
}

} // namespace

std::uint64_t drift_standing::drifting() const noexcept {
  return static_cast<std::uint64_t>(
      std::count_if(columns.begin(), columns.end(), [](const auto& one) { return one.is_drift; }));
}

std::vector<std::pair<std::string, double>> drift_standing::values(const stream_drift_plan& of) const {
  std::vector<std::pair<std::string, double>> all;
  for (std::size_t i = 0; i < std::min(columns.size(), of.columns.size()); ++i) {
    const auto& names = of.columns[i];
    const auto& said = columns[i];
    for (const auto& [name, value] :
         {std::pair{&names.drifts_as, said.is_drift ? 1.0 : 0.0},
          std::pair{&names.percent_as, said.verdict.drift_percent}, std::pair{&names.p_value_as, said.verdict.p_value}})
      if (!name->empty())
        all.emplace_back(*name, value);
  }
  return all;
}

stream_drift::stream_drift(std::shared_ptr<const stream_drift_plan> plan, std::chrono::milliseconds patience) :
    plan_{std::move(plan)}, patience_{patience}, lanes_{plan_} {
  progress_.window = first_window_of(*plan_);
  if (progress_.window == first_judged_window)
    progress_.bins = given_bins(*plan_);
}

void stream_drift::adopt(const drift_progress& progress, const drift_standing& standing) {
  const auto fits = [this](const auto& all) { return all.empty() || all.size() == plan_->columns.size(); };
  if (progress.window >= progress_.window && fits(progress.bins)) {
    progress_.window = progress.window;
    if (!progress.bins.empty())
      progress_.bins = progress.bins;
  }
  if (standing.window > standing_.window && standing.columns.size() == plan_->columns.size())
    standing_ = standing;
}

bool stream_drift::look(const std::set<partition_id>& lanes, instant now, std::int64_t now_ms) {
  begun_ = begun_.value_or(now);
  const auto before = progress_;
  // All nodes have died, and what they restored is further.
  if (const auto latest = lanes_.latest_window().value_or(0); latest > progress_.window)
    progress_.window = latest;
  const auto window = progress_.window;
  if (window > baseline_window && progress_.bins.empty())
    choose_bins();
  if (window == waiting_window) {
    if (is_over(choosing_window, lanes, now)) {
      choose_bins();
      begin(baseline_window, now);
    }
  } else {
    if (window > first_judged_window && standing_.window + 1 < window && is_over(window - 1, lanes, now)
        && is_over(baseline_window, lanes, now))
      judge(window - 1, now_ms);
    const bool is_judged = window <= first_judged_window || standing_.window + 1 >= window;
    if (is_judged && lanes_.records_of(window) >= needed(*plan_, window))
      begin(window + 1, now);
  }
  return progress_ != before;
}

bool stream_drift::is_over(std::uint64_t window, const std::set<partition_id>& lanes, instant now) const {
  return lanes_.is_whole(window, lanes) || now - *begun_ > patience_;
}

void stream_drift::begin(std::uint64_t window, instant now) {
  progress_.window = window;
  begun_ = now;
}

void stream_drift::choose_bins() {
  auto bins = given_bins(*plan_);
  for (std::uint32_t i = 0; i < bins.size(); ++i) {
    if (plan_->columns[i].given)
      continue;
    if (const auto known = lanes_.bins_of(i)) {
      bins[i] = *known;
      continue;
    }
    auto monitor = first_monitor_of(plan_->columns[i]);
    if (lanes_.merge_into(monitor, i, choosing_window) == 0 && progress_.window > waiting_window)
      return; // lanes know, and have not told yet
    monitor.begin_windows();
    monitor.encode_bins(bins[i]);
  }
  progress_.bins = std::move(bins);
}

/// With the baseline of the stream.
std::optional<column_monitor> stream_drift::monitor_of(std::uint32_t column) const {
  const auto& of = plan_->columns[column];
  if (of.given)
    return of.given;
  auto monitor = first_monitor_of(of);
  if (progress_.bins.size() != plan_->columns.size() || !monitor.begin_windows(progress_.bins[column]))
    return std::nullopt;
  const bool is_sliding = of.how.baseline == drift_baseline::sliding;
  lanes_.merge_into(monitor, column, is_sliding ? progress_.window - 2 : baseline_window);
  monitor.rebase();
  return monitor;
}

void stream_drift::judge(std::uint64_t window, std::int64_t now_ms) {
  drift_standing made{.window = window,
                      .records = 0,
                      .baseline_records = lanes_.records_of(baseline_window),
                      .at_ms = now_ms,
                      .drift_share = 0,
                      .columns = {}};
  std::vector<column_verdict> verdicts;
  for (std::uint32_t i = 0; i < plan_->columns.size(); ++i) {
    auto monitor = monitor_of(i);
    auto& verdict = verdicts.emplace_back();
    if (!monitor)
      continue;
    lanes_.merge_into(*monitor, i, window);
    verdict = monitor->verdict(plan_->columns[i].methods, plan_->alpha);
    made.records = std::max(made.records, monitor->records());
  }
  const auto all = verdict_of(verdicts, plan_->alpha);
  made.drift_share = all.drift_share;
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    made.columns.push_back({plan_->columns[i].name, plan_->columns[i].drifts_as, std::move(verdicts[i]),
                            all.is_drift[i], all.p_values[i]});
  standing_ = std::move(made);
}

void put(std::string& into, const drift_progress& progress) {
  put(into, progress.window);
  put(into, static_cast<std::uint32_t>(progress.bins.size()));
  for (const auto& bins : progress.bins)
    put_text(into, bins);
}

bool take(byte_reader& from, drift_progress& progress) {
  std::uint32_t columns = 0;
  if (!from.take(progress.window) || !from.take(columns) || columns > 128)
    return false;
  progress.bins.resize(columns);
  return std::all_of(progress.bins.begin(), progress.bins.end(), [&](auto& bins) { return from.take_text(bins); });
}

void put(std::string& into, const drift_standing& standing) {
  put(into, standing.window);
  put(into, standing.records);
  put(into, standing.baseline_records);
  put(into, standing.at_ms);
  put(into, standing.drift_share);
  put(into, static_cast<std::uint32_t>(standing.columns.size()));
  for (const auto& column : standing.columns) {
    const auto& verdict = column.verdict;
    put_text(into, column.name);
    put_text(into, column.as);
    put(into, column.is_drift);
    put(into, column.adjusted_p_value);
    put(into, verdict.p_value);
    put(into, verdict.is_drift);
    put(into, verdict.drift_percent);
    put(into, verdict.chance_percent);
    put(into, static_cast<std::uint32_t>(verdict.methods.size()));
    for (const auto& one : verdict.methods) {
      put(into, one.method);
      put(into, one.statistic);
      put(into, one.p_value);
      put(into, one.is_drift);
      put(into, one.effect);
    }
  }
}

bool take(byte_reader& from, drift_standing& standing) {
  std::uint32_t columns = 0;
  if (!from.take(standing.window) || !from.take(standing.records) || !from.take(standing.baseline_records)
      || !from.take(standing.at_ms) || !from.take(standing.drift_share) || !from.take(columns) || columns > 128)
    return false;
  standing.columns.resize(columns);
  for (auto& column : standing.columns) {
    auto& verdict = column.verdict;
    std::uint32_t methods = 0;
    if (!from.take_text(column.name) || !from.take_text(column.as) || !from.take(column.is_drift)
        || !from.take(column.adjusted_p_value) || !from.take(verdict.p_value) || !from.take(verdict.is_drift)
        || !from.take(verdict.drift_percent) || !from.take(verdict.chance_percent) || !from.take(methods)
        || methods > 16)
      return false;
    verdict.methods.resize(methods);
    for (auto& one : verdict.methods)
      if (!from.take(one.method) || one.method > drift_method::nulls || !from.take(one.statistic)
          || !from.take(one.p_value) || !from.take(one.is_drift) || !from.take(one.effect))
        return false;
  }
  return true;
}

} // namespace weir::core
