#pragma once

#include "core/alert/alert_summary.hpp"
#include "core/alert/detector_facts.hpp"
#include "core/alert/firing_alerts.hpp"
#include "core/expression/expression.hpp"
#include "core/keyed/ordered_operator.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Alert rules. A rule over columns runs in each lane, record by record, with state that follows the lane; a rule over
// the engine itself and over cluster-wide aggregates runs where the whole cluster is seen, on a tick. For each
// fingerprint a rule is firing or not: `firing` is said when it becomes true, `resolved` when it becomes false; null
// says nothing. An alert is a JSON record keyed by its fingerprint.

namespace weir::core {

struct clock_rows;

/// What rules can say about the engine: records that wait, dead letters since the start, lanes without progress,
/// records that the ledgers cannot account for, columns of the whole stream that drift.
inline constexpr std::array<std::string_view, 5> engine_metrics{
    "engine.lag", "engine.dead_letters", "engine.stalled_lanes", "engine.imbalance", "engine.drifting_columns"};

/// One rule as it is configured.
struct alert_options {
  std::string name;
  std::string when; ///< a boolean expression
  std::string severity = "medium";
  std::string summary;                      ///< see alert_summary; empty: the name
  std::optional<column_id> by;              ///< lane rules: what tells fingerprints apart; absent: the record's key
  std::int64_t repeat_ms = 0;               ///< a firing alert is said again after this time; 0: never
  bool by_lane = false;                     ///< lane rules, without `by`: the partition instead
  std::vector<std::size_t> clocks{};        ///< lane rules: the steps whose clock_rows it sees
  std::optional<detector_facts> detector{}; ///< lane rules: whose verdict `when` is
};

/// The newest values of the cluster-wide aggregates, by index. One a node: written as values come, read by all lanes;
/// null (NaN) before the first. Thread-safe.
class cluster_values {
public:
  explicit cluster_values(std::vector<std::string> names);

  const std::vector<std::string>& names() const noexcept { return names_; }

  /// A name that it does not have is ignored.
  void set(std::string_view name, double value) noexcept;
  double operator[](std::size_t index) const noexcept { return values_[index].load(std::memory_order_relaxed); }

private:
  std::vector<std::string> names_;
  std::vector<std::atomic<double>> values_;
};

/// A rule that is bound to columns, and how its alerts are written. Immutable.
class alert_rule {
public:
  /// `error::where` is `when` or `summary`, a blank, and `col N`.
  static result<alert_rule> bind(const layout& columns, alert_options options);

  const alert_options& options() const noexcept { return options_; }
  const expression& when() const noexcept { return *when_; }
  const alert_summary& summary() const noexcept { return *summary_; }

  /// Of the rule's name; the same on every machine.
  std::uint64_t id() const noexcept { return id_; }

  /// 16 hexadecimal digits from the rule and the key.
  std::string fingerprint(std::string_view key) const;

private:
  alert_options options_;
  std::optional<expression> when_;
  std::optional<alert_summary> summary_;
  std::uint64_t id_ = 0;
};

/// The lane rules of a pipeline: made once, shared by its lanes.
struct lane_alert_rules {
  std::string pipeline;
  std::string topic;                 ///< of the source, or the path of its file
  std::vector<alert_rule> rules;     ///< bound to the lane's columns and, behind them, the cluster's aggregates
  std::vector<std::string> by_names; ///< of each rule's key, for the labels
  std::size_t lane_columns = 0;      ///< columns of a batch
  std::vector<column_type> types;    ///< of these; to be there where a rule sees clock_rows
  std::shared_ptr<const cluster_values> cluster;
};

/// All lane rules of one lane. A rule that reads a column of a step which watches a clock sees that step's clock_rows
/// too, among the records; what is no column of the step is null there. A batch's alerts stand in `batch::alerts`;
/// within a rule in the order of the records. Time is the records' own, so a replay says the same, but for what
/// cluster-wide aggregates say. A record whose key is longer than max_key_bytes for one of the rules is rejected, and
/// no rule looks at it.
class lane_alerts final : public ordered_operator {
public:
  /// For each rule, how many alerts may be firing in a lane, those of all rules taken together.
  static constexpr std::size_t max_alerts_of_a_rule = 100'000;

  /// What the alerts of a lane may take: as many as there may be, most with a key of usual length.
  static state_need needs(const lane_alert_rules& rules);

  /// @param max_bytes of firing alerts
  /// @param records null where no rule is about a detector
  lane_alerts(std::shared_ptr<const lane_alert_rules> rules, std::uint8_t tag,
              std::uint64_t max_bytes = unbounded_state, std::unique_ptr<json_records> records = nullptr);

  std::uint8_t tag() const noexcept override { return tag_; }
  void process(batch& b) override;
  bool wants_ticks() const noexcept override { return true; }
  void collect_changes(record_block& into) override;
  result<void> restore(std::string_view key, const std::string_view* value) override;
  operator_counts counts() const noexcept override {
    return {.evictions = firing_.evictions(), .bytes = firing_.bytes()};
  }

  std::size_t firing() const noexcept { return firing_.size(); }

private:
  void reject_long_keys(batch& b) const;
  void process_rule(std::size_t index, const batch& b, const std::vector<clock_rows>& clocks, record_block& out);
  void judge(std::size_t index, const batch& b, bool is_true, row_index row, record_block& out);
  batch with_all_columns(const batch& said) const;
  batch with_cluster_values(const batch& b) const;

  std::shared_ptr<const lane_alert_rules> rules_;
  std::uint8_t tag_;
  firing_alerts firing_;
  std::unique_ptr<json_records> records_;
  std::vector<std::string> orphans_; ///< changelog keys of rules that are no more, to be erased
};

/// Which engine rule is firing. Handed from supervisor to supervisor, so that a rule is not said to fire again.
struct firing_rule {
  std::uint64_t rule = 0; ///< alert_rule::id
  firing_alerts::state state;
};

/// The rules over the engine and over cluster-wide aggregates. Not thread-safe.
class engine_alerts {
public:
  /// The columns that such rules see.
  static layout columns(const std::vector<std::string>& aggregates);

  /// @param rules bound to columns(aggregates)
  engine_alerts(std::string pipeline, const std::vector<std::string>& aggregates, std::vector<alert_rule> rules);

  /// Appends what has changed. A value that is missing or NaN is null. @param now_ms ms since the epoch, never going
  /// back
  void evaluate(const std::map<std::string, double, std::less<>>& values, std::int64_t now_ms, record_block& out);

  /// Appends an alert of something that has happened once: it fires, and is over.
  void say(const std::string& name, const std::string& summary, std::int64_t now_ms, record_block& out) const;

  std::vector<firing_rule> firing() const;

  /// Takes up what another has said to be firing; rules that it does not have are left out.
  void adopt(const std::vector<firing_rule>& firing);

private:
  std::string pipeline_;
  layout columns_;
  std::vector<alert_rule> rules_;
  firing_alerts firing_;
};

} // namespace weir::core
