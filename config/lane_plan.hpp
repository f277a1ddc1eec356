#pragma once

#include "config/lane_stage.hpp"
#include "config/model_set.hpp"
#include "core/alert/alert_rules.hpp"
#include "core/batch/layout.hpp"
#include "core/cluster/contest_rules.hpp"
#include "core/cluster/drift_board.hpp"
#include "core/cluster/model_figures.hpp"
#include "core/cluster/panes.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/formats.hpp"
#include "core/format/json_records.hpp"
#include "core/format/record_writer.hpp"
#include "core/format/value_encoding.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "core/transform/preprocessor.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::config {

/// What stands in the first byte of a changelog key, by the operator whose state it is. Never to be changed or used
/// again. 6 is core::model_choice_key, 11 is core::label_place_key.
enum class state_tag : std::uint8_t {
  windows_before_inference = 1,
  windows_and_detectors = 2,
  alerts = 3,
  panes = 4,
  paged = 5,  ///< of all steps with paged state; the table's number tells them apart
  online = 7, ///< of all models that learn on, likewise
  repeats = 8,
  dedupe = 9, ///< of all steps of that kind, likewise
  labels = 10,
  clocks = 12, ///< of all steps that watch a clock, likewise: two tables each
  stream_drift = 13,
  windows = 14, ///< of all windows that make records, likewise: two tables each
};

/// The stateful operators of one lane in one stage, in the order in which they run.
using operator_list = std::vector<std::shared_ptr<core::ordered_operator>>;

/// A step that says something of keys because time goes on. It has two tables of state: 2 n and 2 n + 1 for the nth.
struct clock_step {
  std::vector<core::column_id> made;   ///< what alert rules read of its core::clock_rows
  std::optional<core::column_id> by{}; ///< its key; absent: the lane
  std::string by_name{};
  std::int64_t tick_ms = 1000; ///< how often it wants to know the time
};

/// A pipeline as the pure objects that its lanes run. Everything in it but `cluster` and `drift_news` is immutable and
/// shared by all lanes and actors of a node; the functions make what each needs for itself. Preprocessors and writers
/// refer to `columns`.
struct lane_plan {
  std::shared_ptr<const core::layout> columns;
  std::vector<std::string> cut;                  ///< source fields that do not go through
  std::optional<core::key_check> keys;           ///< that records are keyed by what the schema says
  core::transform_list transforms;               ///< of the preprocessors
  std::vector<lane_stage> stages;                ///< what lanes do behind these; one at least
  std::vector<models::model_slot> slots;         ///< where models score, in their order
  model_set_ptr models;                          ///< of the pipeline file
  std::vector<core::contest_rule> contest_rules; ///< for the supervisor
  bool tells_repeats = false;                    ///< change events that came before are dropped, by their positions
  std::string labels_topic;                      ///< of labels that come later; empty: there are none
  std::vector<std::string> notes;                ///< what steps do that a file does not say, for `weir validate`
  std::vector<core::step_figures> learning;      ///< of the models that learn on: what they count
  std::vector<clock_step> clock_steps;
  bool makes_records = false;      ///< what goes out was made by a window, of columns alone
  std::int64_t window_tick_ms = 0; ///< how often windows that make records want to know the time; 0: there are none
  std::shared_ptr<const core::lane_alert_rules> lane_rules;
  std::shared_ptr<core::cluster_values> cluster;        ///< to be set when the supervisor has news
  std::vector<core::pane_aggregate> cluster_aggregates; ///< in the order in which all nodes know them
  std::shared_ptr<const core::stream_drift_plan> drift; ///< of the whole stream; null: nobody watches it
  std::shared_ptr<core::drift_board> drift_news;        ///< to be set when the supervisor has news; null likewise
  std::vector<core::alert_rule> engine_rules;           ///< for core::engine_alerts, in the supervisor
  std::string pipeline_name;
  std::vector<std::string> source_fields;                          ///< of a row, as far as the pipeline file says
  std::vector<std::string> headers;                                ///< of records of a topic, which are columns
  std::unordered_map<std::string, core::value_encoding> encodings; ///< of columns of change events
  const core::format_kind* source_format = &core::json_format;
  core::csv_dialect dialect; ///< of the source, where its format has one
  const core::format_kind* sink_format = &core::json_format;

  /// For one preprocessing actor. @param header the fields of a row, where a file's header says them; else empty
  std::unique_ptr<core::preprocessor> make_preprocessor(std::vector<std::string> header = {}) const;

  /// For one emitter.
  std::unique_ptr<core::record_writer> make_writer() const;

  /// For one lane: its records as JSON, whatever the sink's format is.
  std::unique_ptr<core::json_records> make_json_records() const;

  /// The first line of a file sink, without a line end; empty where the format has no header. @param header as above
  std::string sink_header(const std::vector<std::string>& header = {}) const;

  /// What the tables of a lane may take: those of the stages, the panes of each aggregate over the cluster, the drift
  /// of the whole stream, and, where there are rules over columns, the alerts.
  std::vector<core::state_need> state_needs() const;

  /// How often a lane is to be told the time while nothing comes to it, in ms; 0: never.
  std::int64_t tick_ms() const;

  /// For one lane: a list for each stage. Behind those of the last come the averages over the cluster, the drift of the
  /// whole stream and the alert rules. @param state_bytes that the lane may hold in all of them
  std::vector<operator_list> make_operators(std::uint64_t state_bytes = core::unbounded_state) const;

  /// Does with a batch what needs no order, behind the operators of that stage. Safe to be called from any thread.
  void run_pooled(std::size_t stage, core::batch& b, const model_set_ptr& with) const;

  /// For the supervisor.
  core::engine_alerts make_engine_alerts() const;
};

} // namespace weir::config
