#pragma once

#include "config/diagnostic.hpp"
#include "config/field.hpp"
#include "config/lane_plan.hpp"
#include "config/stage_builder.hpp"
#include "config/value_types.hpp"
#include "core/expression/expression.hpp"
#include "core/keyed/deduplicator.hpp"
#include "core/keyed/keyed_operator.hpp"
#include "core/transform/transform.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

class step;

/// What a step wants of a column that it reads.
enum class wanted : std::uint8_t { anything, number, key, timestamp, text };

/// Keys that a lane remembers, where a file does not say how many.
inline constexpr std::uint32_t usual_max_keys = 1'000'000;

/// The columns of a keyed operator: what windows and detectors have in common in a file.
struct keyed_columns {
  column_name of{};
  std::optional<column_name> by{};   ///< a memory of its own for each value of this column; absent: one for the lane
  std::optional<column_name> time{}; ///< event time; absent: the record's own
  std::optional<std::uint32_t> max_keys{}; ///< of a lane; with `by` only; default: usual_max_keys
  new_column value{};                      ///< double column that it makes: the statistic or the score; empty: none
  new_column flag{};                       ///< boolean column that it makes; empty: none
  new_column anomaly_score{};              ///< of a detector: double column; empty: none
  new_column severity{};                   ///< likewise, a text
  new_column reason{};                     ///< likewise
};

/// Where a model comes from.
struct model_source {
  file_path model;
  std::string follow;  ///< an alias of a registry's model, or `file`; empty: what is loaded at the start stays
  std::string version; ///< its name, in front of the file's digest; empty: the file's stem
  models::backend backend = models::backend::weir; ///< of its challenger too
};

/// Labels that come later, as JSON records of another topic of the source's brokers.
struct model_labels {
  topic_name topic;
  column_name key;   ///< of the pipeline's records and of the labels: a field of this name
  std::string truth; ///< the field of a label that says what should have been said
  milliseconds within{86'400'000};
  std::uint32_t max_keys = usual_max_keys;
};
section_info fields_for(std::type_identity<model_labels>);

/// A model's challenger, and what decides between both.
struct model_contest {
  std::optional<column_name> truth{};
  std::optional<model_labels> labels{};
  file_path challenger{};     ///< empty: none
  std::string canary{};       ///< a share: `5%`; empty: 0
  expression_text promote{};  ///< `CONDITION over ROWS`; empty: never
  expression_text rollback{}; ///< the same
};

/// The columns of a model.
struct model_columns {
  std::vector<column_name> inputs{}; ///< in the order of its features
  bool inputs_as_given = false;      ///< they are not compared with the features
  std::vector<new_column> as{};      ///< of each target, or of a classifier's label
  new_column probability{};          ///< empty: none
  labelled_columns probabilities{};  ///< by the labels of classes
  std::optional<double> threshold{}; ///< from which probability on the second of two classes is chosen
  new_column version_as{};           ///< empty: none
  labelled_columns explain{};        ///< SHAP values, by the names of features
  new_column expected_value{};       ///< empty: none
};

/// Binds the steps of a pipeline, one by one, in the order in which records meet them: knows the columns that there are
/// at each point, collects what lanes run, and reports what is wrong at its place. After an error it goes on, to find
/// the others.
class binding {
public:
  /// @param file that messages name; a model that is not there as its path stands is looked for beside it
  /// @param opens_models false: models are not read, and the columns that they make are of a type that nobody knows
  binding(std::string file, bool opens_models) : file_{std::move(file)}, opens_models_{opens_models} {}

  bool opens_models() const noexcept { return opens_models_; }

  /// The pipeline's file, beside which other files may stand.
  const std::string& file() const noexcept { return file_; }

  /// Whether a model of the pipeline makes the column.
  bool is_predicted(core::column_id id) const;

  void bind(const step& next);

  // --- for the steps ---

  /// The column of that name, the newest if there are several. One that is unknown or not what is wanted is reported,
  /// and gives nothing.
  std::optional<core::column_id> use(const column_name& name, wanted what = wanted::anything);
  std::optional<core::column_id> use_in(std::string where, const column_name& name);

  /// A new column. A name that is taken is reported. @param type absent: nobody knows it before models are opened
  core::column_id make(const new_column& name, std::optional<core::column_type> type);

  /// As make(), of a column that is made only where it is named.
  std::optional<core::column_id> make_if_named(const new_column& name, core::column_type type) {
    return name.text.empty() ? std::nullopt : std::optional{make(name, type)};
  }

  /// As make(), and may have the name of a field of the schema: what comes after sees the new values in its place.
  core::column_id make_or_replace(const new_column& name, std::optional<core::column_type> type);

  /// Notes what a column that a step has made is the codes of: a model must have learned the same.
  void note_codes(core::column_id id, const categories& of) { codes_.emplace(id, of); }

  /// Takes a column away: no later step sees it, and it is not written.
  void take_away(core::column_id id) { columns_[id].gone = true; }

  /// An expression over the columns so far. A wrong one is reported, and gives nothing.
  std::optional<core::expression> expression(const expression_text& text);

  /// The same, where a column may be of a type that nobody knows before models are opened: one that fits is enough.
  std::optional<core::expression> expression_of_any_type(const expression_text& text);

  /// A column that a step may do without, silently.
  std::optional<core::column_id> find(std::string_view name) const { return columns_.find(name); }
  bool is_from_source(core::column_id id) const { return columns_[id].from_source; }

  /// Whether records are changes of rows.
  bool has_changes() const noexcept;

  /// Says what a step does that its fields leave open.
  void note(std::string what) { plan_.notes.push_back(std::move(what)); }

  void add(core::transform_ptr transform) { order_.add(std::move(transform)); }

  /// Adds a window or a detector, and makes its columns. @param run null: it is wrong, which has been said
  void add(core::keyed_operator_ptr run, const keyed_columns& names);

  /// Adds a window over the whole cluster. It makes no column: alerts see it by its name.
  /// @param what null: it is wrong, which has been said
  void add_over_cluster(const core::statistic* what, core::time_window window, const column_name& of,
                        const std::optional<column_name>& time, const new_column& name);

  /// Adds a column that is watched over all lanes. It makes no column: alerts see its values by their names.
  /// @param how what the whole pipeline shares
  void add_over_stream(core::stream_column column, const core::stream_drift_plan& how,
                       const std::vector<new_column>& values);

  /// Adds a model, and makes its columns.
  void add_model(const model_source& from, const model_columns& names, const model_contest& contest);

  /// Adds what lets repeats go.
  void add_dedupe(core::dedupe_options how);

  /// Adds a model that learns on.
  void add_online_model(paged_step model, core::step_figures figures);

  /// Adds a step with a state of its own.
  void add_paged(paged_step what);

  /// Takes all columns away: what a step makes from here on are records of its own. It is reported where something
  /// that runs at the end reads a column from in front of it.
  void begin_records();

  /// Adds windows that make records, behind begin_records().
  void add_windows(paged_step what, std::int64_t tick_ms);

  /// The number of the next one's table.
  std::uint8_t next_windows_table() const noexcept { return static_cast<std::uint8_t>(windows_); }

  /// Adds a step that watches a clock.
  void add_clock(clock_step what, paged_step run);

  /// The number of the next one.
  std::size_t next_clock() const noexcept { return plan_.clock_steps.size(); }

  /// The number of the next one's table.
  std::uint8_t next_paged_table() const noexcept { return static_cast<std::uint8_t>(paged_steps_); }

  /// Where the labels of a later topic are asked for; nothing: nowhere.
  const std::optional<position>& labels_at() const noexcept { return labels_at_; }

  /// The number of the next one's table.
  std::uint8_t next_online_table() const noexcept { return static_cast<std::uint8_t>(plan_.learning.size()); }

  /// Reports at the place of the step that is being bound.
  void report(std::string message);
  void report(position at, std::string message) { problems_.push_back({file_, at, std::move(message)}); }
  void report(const located& text, core::error wrong);

  core::column_type type_of(core::column_id id) const { return columns_[id].type; }

  /// Whether nobody knows the type of a column before models are opened.
  bool is_unknown(std::optional<core::column_id> id) const { return id && unknown_.contains(*id); }

  // --- for the walk over the sections ---

  /// Adds what drops change events that came before: in front of all other steps with state.
  void add_repeats(paged_step what);

  /// That of the last window or detector; null: there is none.
  const core::keyed_plan* last_keyed() const noexcept { return order_.last_keyed(); }

  /// Names where a column will be made, a section or a line: whoever reads it before is told.
  void note_later(const std::string& column, std::string_view place) { made_in_.emplace(column, place); }

  /// All columns so far; to those that come from the source, the walk adds.
  core::layout& columns() noexcept { return columns_; }

  /// The columns with another guess at the types that nobody knows, and with the windows over the whole cluster.
  core::layout columns_for_alerts(core::column_type guess) const;
  bool has_unknown_types() const noexcept { return !unknown_.empty(); }

  const std::vector<std::string>& cluster_names() const noexcept { return cluster_names_; }
  std::vector<diagnostic>& problems() noexcept { return problems_; }
  lane_plan& plan() noexcept { return plan_; }

  /// The plan, with all that was added.
  lane_plan take_plan();

private:
  /// For a step: a name that is taken is reported. @param replaces it may be that of a field of the schema
  void claim(const located& name, bool replaces = false);
  core::column_id add_column(const new_column& name, std::optional<core::column_type> type);
  void report_unknown(const column_name& name);
  /// Why a column is not there: `it is made later, in aggregate`, or a window has taken it; empty: nobody knows.
  std::string why_not_there(std::string_view name) const;
  /// The columns of a model's inputs; without names, those that its features are named by.
  std::optional<std::vector<core::column_id>> find_inputs(const file_path& path, const models::model_meaning& of,
                                                          const model_columns& names);
  std::vector<models::input_meaning> meanings_of(const std::vector<column_name>& inputs,
                                                 const std::vector<core::column_id>& ids) const;
  void add_rule(const std::string& step, const expression_text& text, bool promotes);
  void add_labels(const model_labels& labels, const models::model_slot& slot, models::contest::options& models);
  void add_challenger(const model_contest& contest, models::model_slot& slot, models::contest::options& models);
  void check_meaning(const models::model& of, const std::vector<column_name>& inputs,
                     const std::vector<core::column_id>& ids);
  std::vector<std::string> shown_names() const;

  std::string file_;
  bool opens_models_;
  lane_plan plan_;
  core::layout columns_;
  stage_builder order_;
  std::vector<models::contest::options> contests_; ///< of the plan's slots
  std::map<core::column_id, categories> codes_;
  std::set<core::column_id> unknown_; ///< their types are guesses
  std::size_t dedupes_ = 0;
  std::size_t windows_ = 0;
  std::size_t paged_steps_ = 0;
  std::set<std::string> hidden_; ///< names that no message may show
  std::set<std::string> made_;
  std::map<std::string, std::string, std::less<>> made_in_; ///< places, by the columns that are made there
  std::map<std::string, int, std::less<>> taken_in_;        ///< lines of windows, by the columns that they took
  std::vector<std::string> cluster_names_;
  std::shared_ptr<core::stream_drift_plan> drift_; ///< null: no column is watched over all lanes
  std::set<std::string> drift_values_;             ///< among the names of the cluster
  std::optional<position> labels_at_;
  std::vector<diagnostic> problems_;
  position at_;       ///< of the step at hand
  std::string where_; ///< what messages call it
};

} // namespace weir::config
