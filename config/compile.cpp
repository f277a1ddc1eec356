#include "config/compile.hpp"

#include "config/binding.hpp"
#include "config/detector_alerts.hpp"
#include "config/explain.hpp"
#include "config/metadata.hpp"
#include "core/format/format.hpp"
#include "core/keyed/repeated_changes.hpp"

#include <algorithm>
#include <set>

namespace weir::config {

namespace {

using core::column_id;
using core::column_type;

void add_schema(const pipeline& of, binding& into) {
  auto& fields = into.plan().source_fields;
  for (const auto& field : of.schema) {
    into.columns().add({field.name, field.type, true, field.required, true});
    fields.push_back(field.name);
  }
  if (!of.source.header.empty())
    fields = of.source.header;
}

core::value_encoding encoding_of(const schema_field& field) {
  using kind = core::value_encoding::kind;
  if (field.scale)
    return {kind::decimal, *field.scale};
  switch (field.unit.value_or(time_unit::ms)) {
  case time_unit::ms: break;
  case time_unit::us: return {kind::microseconds};
  case time_unit::ns: return {kind::nanoseconds};
  case time_unit::days: return {kind::days};
  }
  return {};
}

void add_changes(const pipeline& of, binding& walk) {
  if (!of.source.format->holds_changes)
    return;
  for (const auto& field : of.schema)
    walk.plan().encodings.emplace(field.name, encoding_of(field));
  if (of.source.repeats != repeat_handling::keep)
    walk.add_repeats({core::repeated_changes_need(), [](std::uint64_t bytes) {
                        return core::make_repeated_changes(static_cast<std::uint8_t>(state_tag::repeats), bytes);
                      }});
}

/// A file's keys are made of the field; a topic's are the producer's, and
/// those of change events the connector's: objects of the primary key.
void check_keys(const pipeline& of, binding& into) {
  if (!of.source.from || !of.source.from->is_shared() || of.source.key_check == key_checking::off
      || of.source.format->holds_changes)
    return;
  for (const auto& field : of.schema)
    if (field.key)
      into.plan().keys.emplace(*into.columns().find(field.name), field.name);
}

void check_labels(const pipeline& of, binding& into) {
  const auto& at = into.labels_at();
  if (at && of.source.from && !of.source.from->is_shared())
    into.report(*at, "labels are read from a topic, beside a source that is one; this source is a "
                         + std::string{of.source.from->kind().name} + ": use 'truth' where the record has the label");
}

/// Columns by what makes them, for whoever reads one too early.
void note_places(const pipeline& of, binding& into) {
  for (const auto& step : of.steps)
    for (const auto& made : step->made_columns())
      if (!made.hidden)
        into.note_later(made.text,
                        of.lists_steps ? "line " + std::to_string(step->at().line) : std::string{step->section()});
}

/// Whether a rule is over the engine and the cluster's aggregates, and not over the columns of a lane.
bool is_engine_rule(const alert_rule& rule, const core::layout& engine) {
  std::vector<column_id> used;
  if (auto when = core::expression::bind(engine, rule.when.text))
    when->collect_columns(used);
  return !used.empty() || rule.when.text.find("engine.") != std::string::npos;
}

std::string word_of(severity level) {
  return std::get<std::string>(show_value(level).data);
}

/// What a rule is about, what its alerts are told apart by, and which clocks it sees.
struct rule_sight {
  const step* detector = nullptr; ///< null: it is about no detector
  std::optional<column_id> by{};
  bool by_lane = false;
  std::vector<std::size_t> clocks{};
};

core::result<core::alert_rule> bind_rule(const alert_rule& rule, const rule_sight& sees, const core::layout& columns,
                                         std::optional<core::detector_facts> detector = std::nullopt) {
  const auto when = sees.detector != nullptr ? in_backticks(rule.detector.text) : rule.when.text;
  return core::alert_rule::bind(columns, {.name = rule.name,
                                          .when = when,
                                          .severity = word_of(rule.level),
                                          .summary = rule.summary.text,
                                          .by = sees.by,
                                          .repeat_ms = rule.repeat.value_or(milliseconds{0}).count(),
                                          .by_lane = sees.by_lane,
                                          .clocks = sees.clocks,
                                          .detector = std::move(detector)});
}

/// Where a model's output may be of several types, one that fits is enough.
core::result<core::alert_rule> bind_lane_rule(const alert_rule& rule, const rule_sight& sees, const binding& columns) {
  auto facts = sees.detector != nullptr ? std::optional{facts_of(*sees.detector, columns)} : std::nullopt;
  auto bound = bind_rule(rule, sees, columns.columns_for_alerts(column_type::float64), std::move(facts));
  if (!columns.has_unknown_types())
    return bound;
  for (const auto guess : {column_type::string, column_type::int64})
    if (auto other = bound ? core::fail("") : bind_rule(rule, sees, columns.columns_for_alerts(guess)))
      bound = std::move(other);
  return bound;
}

/// A rule that reads what a step says by the clock is by that step's key, for a tick knows no other.
rule_sight sight_of(const alert_rule& rule, const core::alert_rule& bound, rule_sight sees, binding& into) {
  const auto by = sees.by;
  std::vector<column_id> used;
  bound.when().collect_columns(used);
  const auto& steps = into.plan().clock_steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto reads =
        std::ranges::any_of(steps[i].made, [&](auto made) { return std::ranges::find(used, made) != used.end(); });
    if (!reads)
      continue;
    const auto& other = steps[sees.clocks.empty() ? i : sees.clocks.front()];
    if (rule.by && by != steps[i].by)
      into.report(rule.by->at, steps[i].by ? "this alert is by '" + steps[i].by_name + "', as what it reads is"
                                           : "what this alert reads is of a whole lane, so it takes no 'by'");
    else if (other.by != steps[i].by)
      into.report(rule.when.at, "an alert cannot read what is by '" + steps[i].by_name + "' and what is by '"
                                    + other.by_name + "': write two of them");
    sees.clocks.push_back(i);
    sees.by = steps[i].by;
    sees.by_lane = !steps[i].by;
  }
  return sees;
}

void bind_alerts(const pipeline& of, binding& into) {
  auto& plan = into.plan();
  const auto engine = core::engine_alerts::columns(into.cluster_names());
  plan.cluster = std::make_shared<core::cluster_values>(into.cluster_names());
  auto rules = std::make_shared<core::lane_alert_rules>();
  rules->pipeline = of.name;
  rules->topic = of.source.from ? of.source.from->name() : std::string{};
  rules->lane_columns = static_cast<column_id>(into.columns().size());
  for (const auto& column : into.columns())
    rules->types.push_back(column.type);
  rules->cluster = plan.cluster;
  for (const auto& rule : of.alerts) {
    const auto* detector = find_detector(of, rule.detector.text);
    if (detector == nullptr && rule.when.text.empty())
      continue;
    const bool is_engine = detector == nullptr && is_engine_rule(rule, engine);
    if (is_engine && rule.by)
      into.report(rule.by->at, "'by' belongs to alerts over columns; this one is over the engine or the whole cluster");
    const auto by = rule.by && !is_engine ? into.use_in("alert", *rule.by) : std::nullopt;
    rule_sight sees{detector, by};
    auto bound = is_engine ? bind_rule(rule, {}, engine) : bind_lane_rule(rule, sees, into);
    if (bound && !is_engine) {
      sees = sight_of(rule, *bound, sees, into);
      bound = bind_lane_rule(rule, sees, into);
    }
    if (!bound) {
      const auto& wrong = bound.error();
      const bool is_summary = wrong.where.starts_with("summary");
      into.report(is_summary ? rule.summary : static_cast<const located&>(rule.when), wrong);
    } else if (is_engine) {
      plan.engine_rules.push_back(*std::move(bound));
    } else {
      rules->rules.push_back(*std::move(bound));
      rules->by_names.push_back(sees.by ? into.columns()[*sees.by].name : sees.by_lane ? "partition" : "key");
    }
  }
  plan.lane_rules = std::move(rules);
}

/// What a step makes replaces a field of that name in the record, whether or not the schema has it.
void choose_output(const pipeline& of, binding& into) {
  std::set<std::string> dropped;
  for (const auto& name : of.output.drop)
    dropped.insert(name.text);
  auto cut = dropped;
  auto& columns = into.columns();
  for (column_id id = 0; id < columns.size(); ++id) {
    auto& column = columns[id];
    const auto is_replaced = columns.find(column.name) != id;
    const bool is_field = column.from_source && !column.gone;
    if (!is_field && column.output)
      cut.insert(column.name);
    column.output = column.output && !dropped.contains(column.name) && !is_replaced;
  }
  if (!into.plan().makes_records) // else no field goes through
    into.plan().cut.assign(cut.begin(), cut.end());
}

} // namespace

tl::expected<lane_plan, std::vector<diagnostic>> compile(const pipeline& of, model_files models) {
  binding walk{of.file, models == model_files::opened};
  auto& plan = walk.plan();
  plan.pipeline_name = of.name;
  plan.source_format = of.source.format;
  plan.dialect = of.source.dialect;
  plan.sink_format = of.sinks.empty() || of.sinks.front().format->make_writer == nullptr ? &core::json_format
                                                                                         : of.sinks.front().format;
  add_schema(of, walk);
  if (!of.schema_note.empty())
    walk.note(of.schema_note);
  add_changes(of, walk);
  add_metadata(of, walk);
  check_keys(of, walk);
  note_places(of, walk);
  for (const auto& step : of.steps)
    walk.bind(*step);
  check_labels(of, walk);
  bind_alerts(of, walk);
  choose_output(of, walk);
  if (walk.problems().empty())
    return walk.take_plan();
  sort(walk.problems());
  return tl::unexpected{std::move(walk.problems())};
}

} // namespace weir::config
