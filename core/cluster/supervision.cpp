#include "core/cluster/supervision.hpp"

#include "core/cluster/credit_policy.hpp"
#include "core/cluster/prediction_drift.hpp"

#include <cstdlib>
#include <utility>

namespace weir::core {

namespace {

std::uint64_t dead_letters_of(const node_report& report) {
  std::uint64_t sum = 0;
  for (const auto& lane : report.lanes)
    sum += static_cast<std::uint64_t>(lane.figures["dead_lettered"]);
  return sum;
}

std::int64_t ms_between(supervision::instant from, supervision::instant to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

} // namespace

supervision::supervision(std::vector<pane_aggregate> aggregates, engine_alerts alerts, supervision_options options) :
    panes_{std::move(aggregates)}, alerts_{std::move(alerts)}, options_{std::move(options)} {
  if (options_.drift)
    drift_.emplace(options_.drift);
}

void supervision::adopt(const cluster_view& predecessor, instant now) {
  if (predecessor.term > options_.term || predecessor.term <= adopted_)
    return;
  adopted_ = predecessor.term;
  goal_ = predecessor.wanted;
  alerts_.adopt(predecessor.firing);
  delivered_ = alerts_.firing();
  windows_ = predecessor.windows;
  models_.adopt(predecessor.models, now);
  if (drift_)
    drift_->adopt(predecessor.drift_progress, predecessor.drift);
}

void supervision::hear(node_report report, instant now) {
  auto& known = members_[report.node];
  if (known.report.incarnation != report.incarnation)
    former_dead_letters_ += dead_letters_of(known.report);
  models_.adopt(report.models);
  known.report = std::move(report);
  known.heard = now;
  for (const auto& lane : known.report.lanes) {
    if (!lane.active)
      continue;
    const auto lag = lane.figures["lag"];
    auto& last = lags_.try_emplace(lane.partition, lane_stats::unknown).first->second;
    last = lag == lane_stats::unknown ? last : lag;
  }
}

void supervision::hear(goal requested) {
  if (goal_ != goal::stopped)
    goal_ = requested;
}

void supervision::look(instant now, std::int64_t now_ms, record_block& alerts) {
  for (auto m = members_.begin(); m != members_.end();) {
    const bool gone = now - m->second.heard > options_.forget_after;
    if (gone)
      former_dead_letters_ += dead_letters_of(m->second.report);
    m = gone ? members_.erase(m) : std::next(m);
  }
  share(now);
  hear_answers(now);
  judge_contests(now, now_ms, alerts);
  look_at_drift(now, now_ms);
  alerts_.evaluate(engine_values(), now_ms, alerts);
}

bool supervision::look_at_drift(instant now, std::int64_t now_ms) {
  if (!drift_)
    return false;
  std::set<partition_id> lanes;
  for (const auto& [name, m] : members_)
    for (const auto& lane : m.report.lanes)
      if (lane.active && now - m.heard <= options_.fresh_for)
        lanes.insert(lane.partition);
  return drift_->look(lanes, now, now_ms);
}

void supervision::hear_answers(instant now) {
  model_swap::answers answers;
  for (const auto& [name, m] : members_)
    if (now - m.heard <= options_.fresh_for && m.report.phase != node_phase::stopping)
      answers.emplace_back(name, m.report.answer);
  models_.look(answers, now);
}

// Figures of other models are of another contest, and so are windows in which others have scored.
void supervision::judge_contests(instant now, std::int64_t now_ms, record_block& alerts) {
  const auto& choice = models_.view().current;
  if (drift_ && judged_choice_ != choice.number) {
    judged_choice_ = choice.number;
    first_window_of_choice_ = drift_->progress().window + 1;
  }
  const bool is_drift_known = drift_ && drift_->standing().window >= first_window_of_choice_;
  for (const auto& rule : options_.contest_rules) {
    contest_figures sum;
    for (const auto& [name, m] : members_)
      for (const auto& contest : m.report.contests)
        if (m.report.models.number == choice.number && contest.step == rule.step)
          sum += contest.figures;
    const auto drift = is_drift_known ? drift_of(drift_->standing(), rule.step) : prediction_drift{};
    const auto decision = judge(rule, choice, sum, drift);
    if (decision && models_.hear(decision->wish, now))
      alerts_.say(rule.promotes ? "model promoted" : "model rolled back", decision->summary, now_ms, alerts);
  }
}

// A lane's window is its node's to keep: each node's budget is shared out among its own lanes.
void supervision::share(instant now) {
  std::map<partition_id, std::uint64_t> windows;
  for (const auto& [name, m] : members_) {
    if (now - m.heard > options_.fresh_for)
      continue;
    std::vector<partition_id> partitions;
    std::vector<lane_need> needs;
    for (const auto& lane : m.report.lanes) {
      if (!lane.active)
        continue;
      const auto known = windows_.find(lane.partition);
      partitions.push_back(lane.partition);
      needs.push_back({static_cast<std::uint64_t>(std::max<std::int64_t>(0, lane.figures["lag"])),
                       static_cast<std::uint64_t>(lane.figures["bytes_in_flight"]),
                       known == windows_.end() ? 0 : known->second});
    }
    const auto shares = share_credit(m.report.credit_bytes, needs);
    for (std::size_t i = 0; i < partitions.size(); ++i)
      windows[partitions[i]] = shares[i];
  }
  windows_ = std::move(windows);
}

std::map<std::string, double, std::less<>> supervision::engine_values() const {
  double stalled = 0;
  double imbalance = 0;
  double dead_letters = static_cast<double>(former_dead_letters_);
  for (const auto& [name, m] : members_) {
    dead_letters += static_cast<double>(dead_letters_of(m.report));
    for (const auto& lane : m.report.lanes) {
      stalled += lane.stalled ? 1 : 0;
      imbalance += static_cast<double>(std::abs(lane.figures["imbalance"]));
    }
  }
  std::map<std::string, double, std::less<>> values{
      {"engine.dead_letters", dead_letters}, {"engine.stalled_lanes", stalled}, {"engine.imbalance", imbalance}};
  if (drift_ && drift_->standing().window > 0)
    values["engine.drifting_columns"] = static_cast<double>(drift_->standing().drifting());
  if (const auto lag = known_lag())
    values["engine.lag"] = static_cast<double>(*lag);
  for (auto& [name, value] : aggregate_values())
    values[name] = value;
  return values;
}

std::optional<std::int64_t> supervision::known_lag() const {
  if (lags_.empty())
    return std::nullopt;
  std::int64_t sum = 0;
  for (const auto& [partition, lag] : lags_) {
    if (lag == lane_stats::unknown)
      return std::nullopt;
    sum += lag;
  }
  return sum;
}

std::vector<std::pair<std::string, double>> supervision::aggregate_values() const {
  std::vector<std::pair<std::string, double>> values;
  for (std::size_t i = 0; i < panes_.aggregates().size(); ++i)
    if (const auto value = panes_.statistic_of(i))
      values.emplace_back(panes_.aggregates()[i].name, *value);
  if (drift_)
    for (auto& value : drift_->standing().values(drift_->plan()))
      values.push_back(std::move(value));
  return values;
}

cluster_view supervision::view(instant now) const {
  cluster_view out;
  out.term = options_.term;
  out.supervisor = options_.node;
  out.wanted = goal_;
  out.values = aggregate_values();
  out.firing = delivered_;
  out.models = models_.view();
  if (drift_) {
    out.drift_progress = drift_->progress();
    out.drift = drift_->standing();
  }
  for (const auto& [name, m] : members_)
    out.nodes.push_back({m.report, ms_between(m.heard, now)});
  out.windows = windows_;
  return out;
}

} // namespace weir::core
