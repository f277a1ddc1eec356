#include "config/binding.hpp"

#include "config/explain.hpp"
#include "config/kind.hpp"
#include "core/cluster/prediction_drift.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <array>

namespace weir::config {

namespace {

using core::column_id;
using core::column_type;

bool fits(column_type type, wanted what) {
  switch (what) {
  case wanted::anything: return true;
  case wanted::number: return type != column_type::string;
  case wanted::key: return type != column_type::float64;
  case wanted::timestamp: return type == column_type::timestamp;
  case wanted::text: return type == column_type::string;
  }
  return false;
}

std::string called(wanted what) {
  switch (what) {
  case wanted::anything: return "column";
  case wanted::number: return "number";
  case wanted::key: return "key of another type";
  case wanted::timestamp: return "timestamp";
  case wanted::text: return "string";
  }
  return {};
}

} // namespace

void binding::bind(const step& next) {
  at_ = next.at();
  where_ = next.name().called;
  const auto columns_before = columns_.size();
  next.bind(*this);
  order_.close_step(columns_before, columns_.size());
}

std::optional<column_id> binding::use(const column_name& name, wanted what) {
  if (name.text.empty())
    return std::nullopt; // it was no text, which has been said
  const auto id = columns_.find(name.text);
  if (!id) {
    report_unknown(name);
    return std::nullopt;
  }
  if (const auto type = columns_[*id].type; !unknown_.contains(*id) && !fits(type, what)) {
    const bool is_text = what == wanted::number && type == column_type::string;
    report(name.at, where_ + " needs a " + called(what) + ", " + shown_column(name) + " is a "
                        + std::string{to_string(type)}
                        + (is_text ? ": declare it as a number, or make one of it with 'encode' in preprocess" : ""));
    return std::nullopt;
  }
  return id;
}

bool binding::has_changes() const noexcept {
  return plan_.source_format->holds_changes;
}

std::optional<column_id> binding::use_in(std::string where, const column_name& name) {
  where_ = std::move(where);
  return use(name);
}

void binding::report_unknown(const column_name& name) {
  const bool is_cluster = std::find(cluster_names_.begin(), cluster_names_.end(), name.text) != cluster_names_.end();
  if (drift_values_.contains(name.text))
    report(name.at, shown_column(name) + " is said of the whole pipeline: only alerts can use it");
  else if (is_cluster)
    report(name.at, shown_column(name)
                        + " is an aggregate over the whole cluster: only alerts can use it; with 'by' it is a column");
  else if (name.hidden)
    report(name.at, "unknown column in " + where_);
  else if (const auto why = why_not_there(name.text); !why.empty())
    report(name.at, "unknown column '" + name.text + "' in " + where_ + ": " + why);
  else
    report(name.at, "unknown column '" + name.text + "' in " + where_ + did_you_mean(name.text, shown_names()));
}

std::string binding::why_not_there(std::string_view name) const {
  if (const auto taken = taken_in_.find(name); taken != taken_in_.end())
    return "the window in line " + std::to_string(taken->second)
           + " makes records without it: name it in its 'by' or in its 'aggregates'";
  const auto found = made_in_.find(name);
  return found == made_in_.end() ? std::string{} : "it is made later, in " + found->second;
}

std::vector<std::string> binding::shown_names() const {
  std::vector<std::string> result;
  for (const auto& column : columns_)
    if (!hidden_.contains(column.name) && !column.gone)
      result.push_back(column.name);
  return result;
}

column_id binding::make(const new_column& name, std::optional<column_type> type) {
  claim(name);
  return add_column(name, type);
}

column_id binding::make_or_replace(const new_column& name, std::optional<column_type> type) {
  claim(name, true);
  return add_column(name, type);
}

column_id binding::add_column(const new_column& name, std::optional<column_type> type) {
  const auto id = columns_.add({.name = name.text, .type = type.value_or(column_type::float64)});
  if (!type)
    unknown_.insert(id);
  return id;
}

void binding::claim(const located& name, bool replaces) {
  if (name.hidden)
    hidden_.insert(name.text);
  if (name.text.starts_with("engine."))
    report(name.at, "names that begin with 'engine.' are Weir's own");
  if (!name.text.empty() && !made_.insert(name.text).second)
    report(name.at, shown_column(name) + " is made twice, give one of them another name");
  else if (!replaces && columns_.find(name.text))
    report(name.at,
           shown_column(name) + " is a field of the schema, which would be lost: give the new column another name");
}

bool binding::is_predicted(column_id id) const {
  const auto makes = [&](const models::model_slot& slot) {
    return std::find(slot.makes.as.begin(), slot.makes.as.end(), columns_[id].name) != slot.makes.as.end();
  };
  return std::any_of(plan_.slots.begin(), plan_.slots.end(), makes);
}

std::optional<core::expression> binding::expression(const expression_text& text) {
  if (text.text.empty())
    return std::nullopt; // it was no text, which has been said
  auto bound = core::expression::bind(columns_, text.text);
  if (bound)
    return *std::move(bound);
  report(text, bound.error());
  return std::nullopt;
}

std::optional<core::expression> binding::expression_of_any_type(const expression_text& text) {
  for (const auto guess : {column_type::string, column_type::int64}) {
    if (unknown_.empty() || core::expression::bind(columns_, text.text))
      break;
    auto guessed = columns_;
    for (const auto id : unknown_)
      guessed[id].type = guess;
    if (auto bound = core::expression::bind(guessed, text.text))
      return *std::move(bound);
  }
  return expression(text);
}

void binding::report(std::string message) {
  report(at_, std::move(message));
}

void binding::report(const located& text, core::error wrong) {
  if (!hidden_.empty())
    wrong.remedy.clear(); // it may name a column whose name is a secret
  constexpr std::string_view unknown = "unknown column '";
  if (std::string_view what = wrong.what; what.starts_with(unknown))
    if (auto why = why_not_there(what.substr(unknown.size(), what.size() - unknown.size() - 1)); !why.empty())
      wrong.remedy = std::move(why);
  auto [at, message] = explain(text, wrong);
  report(at, std::move(message));
}

void binding::add(core::keyed_operator_ptr run, const keyed_columns& names) {
  const auto of = use(names.of, wanted::number);
  const auto by = names.by ? use(*names.by, wanted::key) : std::nullopt;
  const auto time = names.time ? use(*names.time, wanted::timestamp) : std::nullopt;
  const std::array made{std::pair{&names.flag, column_type::boolean}, std::pair{&names.value, column_type::float64},
                        std::pair{&names.anomaly_score, column_type::float64},
                        std::pair{&names.severity, column_type::string}, std::pair{&names.reason, column_type::string}};
  for (const auto& [name, type] : made)
    claim(*name);
  const bool is_known = of && (by || !names.by) && (time || !names.time) && run;
  if (is_known && !is_unknown(of) && !is_unknown(by) && !is_unknown(time)) {
    auto& plan = order_.keyed_for(std::array{of, by, time});
    auto added = plan.add(columns_, {.run = std::move(run),
                                     .of = *of,
                                     .by = by,
                                     .time = time,
                                     .max_keys = names.max_keys.value_or(usual_max_keys),
                                     .value = names.value.text,
                                     .flag = names.flag.text,
                                     .anomaly_score = names.anomaly_score.text,
                                     .severity = names.severity.text,
                                     .reason = names.reason.text});
    if (added)
      return;
    report(without_secrets(explained(added.error()),
                           {&names.of, &names.value, &names.flag, names.by ? &*names.by : &names.of}));
  }
  for (const auto& [name, type] : made)
    if (!name->text.empty())
      columns_.add({.name = name->text, .type = type});
}

void binding::add_paged(paged_step what) {
  if (paged_steps_ >= 128)
    return report("a pipeline has 128 such detectors at most");
  ++paged_steps_;
  order_.add(std::move(what));
}

void binding::add_clock(clock_step what, paged_step run) {
  if (plan_.clock_steps.size() >= 64)
    return report("a pipeline has 64 steps that watch a clock at most");
  plan_.clock_steps.push_back(std::move(what));
  order_.add(std::move(run));
}

void binding::begin_records() {
  if (!plan_.cluster_aggregates.empty())
    report("'" + plan_.cluster_aggregates.front().name
           + "' is over the whole cluster, of records that are taken here: put it behind this step, or give it 'by'");
  if (drift_)
    report("the drift of the whole pipeline is of records that are taken here: put it behind this step");
  for (column_id id = 0; id < columns_.size(); ++id) {
    if (!columns_[id].gone && !hidden_.contains(columns_[id].name))
      taken_in_.emplace(columns_[id].name, at_.line);
    take_away(id);
  }
  made_.clear();
  plan_.makes_records = true;
}

void binding::add_windows(paged_step what, std::int64_t tick_ms) {
  if (windows_ >= 64)
    return report("a pipeline has 64 windows that make records at most");
  ++windows_;
  plan_.window_tick_ms = plan_.window_tick_ms == 0 ? tick_ms : std::min(plan_.window_tick_ms, tick_ms);
  order_.add_filter(std::move(what));
}

void binding::add_repeats(paged_step what) {
  plan_.tells_repeats = true;
  order_.add_first(std::move(what));
}

void binding::add_over_cluster(const core::statistic* what, core::time_window window, const column_name& of,
                               const std::optional<column_name>& time, const new_column& name) {
  const auto values = use(of, wanted::number);
  const auto times = time ? use(*time, wanted::timestamp) : std::nullopt;
  if (!name.text.empty())
    claim(name);
  cluster_names_.push_back(name.text);
  if (values && (times || !time) && what != nullptr)
    plan_.cluster_aggregates.push_back({name.text, what, *values, times, window});
}

void binding::add_over_stream(core::stream_column column, const core::stream_drift_plan& how,
                              const std::vector<new_column>& values) {
  for (const auto& name : values)
    if (!name.text.empty()) {
      claim(name);
      cluster_names_.push_back(name.text);
      drift_values_.insert(name.text);
    }
  if (!drift_)
    drift_ = std::make_shared<core::stream_drift_plan>(how);
  if (drift_->window != how.window || drift_->baseline_size != how.baseline_size || drift_->alpha != how.alpha)
    return report("columns that are watched over the whole pipeline are judged together: give all of them the same "
                  "window, baseline_size and alpha");
  if (drift_->columns.size() >= 128)
    return report("a pipeline watches 128 columns at most over all its lanes");
  drift_->columns.push_back(std::move(column));
}

void binding::add_dedupe(core::dedupe_options how) {
  if (dedupes_ >= 128)
    return report("a pipeline has 128 dedupe steps at most");
  auto needs = core::deduplicator_need(how);
  order_.add_filter({std::move(needs), [how = std::move(how), table = dedupes_++](std::uint64_t bytes) {
                       return core::make_deduplicator(how, static_cast<std::uint8_t>(state_tag::dedupe),
                                                      static_cast<std::uint8_t>(table), bytes);
                     }});
}

lane_plan binding::take_plan() {
  auto order = std::move(order_).finish(static_cast<std::uint8_t>(state_tag::windows_before_inference),
                                        static_cast<std::uint8_t>(state_tag::windows_and_detectors));
  plan_.transforms = std::move(order.first);
  plan_.stages = std::move(order.stages);
  plan_.models = std::make_shared<const model_set>(plan_.slots, contests_, core::model_choice{});
  plan_.columns = std::make_shared<const core::layout>(std::move(columns_));
  for (const auto& rule : plan_.contest_rules) {
    const auto watches = [&](const auto& column) { return column.name == rule.step; };
    if (is_about_drift(rule) && (!drift_ || std::none_of(drift_->columns.begin(), drift_->columns.end(), watches)))
      note("rule of '" + rule.step + "', " + rule.when
           + ": never true, since no data_drift with scope: pipeline watches '" + rule.step + "'");
  }
  if (drift_) {
    plan_.drift = std::move(drift_);
    plan_.drift_news = std::make_shared<core::drift_board>();
  }
  return std::move(plan_);
}

core::layout binding::columns_for_alerts(column_type guess) const {
  auto result = columns_;
  for (const auto id : unknown_)
    result[id].type = guess;
  for (const auto& name : cluster_names_)
    result.add({.name = name, .type = column_type::float64});
  return result;
}

} // namespace weir::config
