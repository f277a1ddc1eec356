#pragma once

#include "core/alert/alert_rules.hpp"
#include "core/cluster/cluster_messages.hpp"
#include "core/cluster/contest_rules.hpp"
#include "core/cluster/panes.hpp"
#include "core/cluster/stream_drift.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {

struct supervision_options {
  std::string node;                                 ///< that the supervisor lives on
  std::int64_t term = 0;                            ///< see cluster_view
  std::chrono::milliseconds forget_after{60'000};   ///< a node that is silent for so long is not shown any more
  std::chrono::milliseconds fresh_for{3000};        ///< a node that is silent for longer gets no credit
  std::vector<contest_rule> contest_rules{};        ///< over the models of the pipeline
  std::shared_ptr<const stream_drift_plan> drift{}; ///< of the whole stream; null: nobody watches it
};

/// What the supervisor of a pipeline knows and decides: it hears the nodes' reports and panes and operators' requests,
/// and says what all nodes are to know and do. Not thread-safe; the clock is a parameter.
class supervision {
public:
  using instant = node_watch::time;

  supervision(std::vector<pane_aggregate> aggregates, engine_alerts alerts, supervision_options options);

  /// Goes on where another supervisor was. The last of them counts, whoever tells of it.
  void adopt(const cluster_view& predecessor, instant now);
  bool has_adopted() const noexcept { return adopted_ >= 0; }

  void hear(node_report report, instant now);

  /// False: nothing new, or of other aggregates.
  bool hear(const pane_update& update) { return panes_.add(update); }

  /// False: of other columns.
  bool hear(const drift_update& update) { return drift_ && drift_->hear(update); }

  /// Looks whether the windows of the stream are over. @param now_ms as for look() @returns whether there is news for
  /// lanes
  bool look_at_drift(instant now, std::int64_t now_ms);

  /// Somebody wants a step to score with another model.
  void hear(const model_wish& wish, instant now) { models_.hear(wish, now); }

  /// An operator wants this. A pipeline that is to stop cannot be told anything else.
  void hear(goal requested);

  /// Shares out credit, evaluates the rules over the whole pipeline and appends what they say to `alerts`.
  /// @param now_ms ms since the epoch, never going back
  void look(instant now, std::int64_t now_ms, record_block& alerts);

  /// All alerts so far have been delivered: what is firing now is known to whoever gets them. Until then a successor
  /// would say it again.
  void delivered() { delivered_ = alerts_.firing(); }

  cluster_view view(instant now) const;

private:
  struct member {
    node_report report;
    instant heard{};
  };

  void share(instant now);
  void hear_answers(instant now);
  void judge_contests(instant now, std::int64_t now_ms, record_block& alerts);
  std::map<std::string, double, std::less<>> engine_values() const;
  std::vector<std::pair<std::string, double>> aggregate_values() const;
  /// Of all partitions that were ever read, as it was last known of each: while a broker is away, or a partition is on
  /// its way to another node, nothing seems to have been read. Nothing: of one of them it was never known.
  std::optional<std::int64_t> known_lag() const;

  pane_merger panes_;
  std::optional<stream_drift> drift_;
  model_swap models_;
  engine_alerts alerts_;
  supervision_options options_;
  std::map<std::string, member> members_;
  std::vector<firing_rule> delivered_;
  std::map<partition_id, std::uint64_t> windows_;
  std::map<partition_id, std::int64_t> lags_;  ///< of each partition that a lane has run for, the last that was known
  std::uint64_t former_dead_letters_ = 0;      ///< of processes that are no more
  std::int64_t adopted_ = -1;                  ///< term of the predecessor
  std::optional<std::uint64_t> judged_choice_; ///< number of the choice of models whose contests are judged
  std::uint64_t first_window_of_choice_ = 0;   ///< of the stream's drift, begun since
  goal goal_ = goal::running;
};

} // namespace weir::core
