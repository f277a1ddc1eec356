#include "core/alert/alert_rules.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/fnv1a.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/clock_rows.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"
#include "core/format/json_text.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/long_keys.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace weir::core {

namespace {

/// Of a key, for what a lane's alerts may take at most.
constexpr std::size_t usual_key_bytes = 64;

constexpr char state_version = 1;
constexpr std::size_t state_size = 1 + 2 * sizeof(std::int64_t);
constexpr std::size_t id_size = sizeof(std::uint64_t);

std::string json_time(std::int64_t ms) {
  return is_rfc3339_time(ms) ? json_quoted(time_text(ms)) : std::to_string(ms);
}

/// What an alert says, beside its rule.
struct alert_event {
  firing_alerts::change change = firing_alerts::change::none;
  std::int64_t since = 0;
  std::int64_t now = 0;
  std::string key; ///< what tells fingerprints apart
  std::string summary;
  std::string labels; ///< JSON members
  std::string place;  ///< JSON members, each behind a comma: where the record was, by which models it was scored;
                      ///< empty for engine rules
  std::string_view severity{}; ///< empty: the rule's
};

void append_alert(const alert_rule& rule, const alert_event& event, record_block& out) {
  const auto is_resolved = event.change == firing_alerts::change::resolved;
  const auto fingerprint = rule.fingerprint(event.key);
  const auto& summary = event.summary.empty() ? rule.options().name : event.summary;
  out.append(fingerprint, "{\"alert\":" + json_quoted(rule.options().name)
                              + ",\"status\":" + (is_resolved ? "\"resolved\"" : "\"firing\"") + ",\"severity\":"
                              + json_quoted(event.severity.empty() ? rule.options().severity : event.severity)
                              + ",\"fingerprint\":\"" + fingerprint + "\",\"summary\":" + json_quoted(summary)
                              + ",\"starts_at\":" + json_time(event.since)
                              + ",\"ends_at\":" + (is_resolved ? json_time(event.now) : "null") + ",\"labels\":{"
                              + event.labels + "}" + event.place + "}");
}

bool is_said(firing_alerts::change change) noexcept {
  return change == firing_alerts::change::firing || change == firing_alerts::change::repeated
         || change == firing_alerts::change::resolved;
}

/// What tells fingerprints apart: the value of `by`, the partition, or the record's key. Points into the batch or to
/// `text`.
std::string_view key_of(const batch& b, const alert_options& rule, row_index row, std::string& text) {
  if (!rule.by && !rule.by_lane)
    return b.raw->key(row);
  const auto* by = rule.by ? &b.at(*rule.by) : nullptr;
  if (by != nullptr && by->is_null(row))
    return {};
  if (by != nullptr && by->type == column_type::string)
    return by->text[row];
  if (by == nullptr)
    return text = std::to_string(value_of(b.raw->partition));
  text.clear();
  append_value(*by, row, text);
  return text;
}

/// A text of a record; empty where there is none.
std::string_view text_at(const batch& b, std::optional<column_id> from, row_index row) {
  if (!from || b.at(*from).is_null(row))
    return {};
  return b.at(*from).text[row];
}

std::string id_text(std::uint64_t id) {
  std::string text(id_size, '\0');
  for (std::size_t i = 0; i < id_size; ++i)
    text[i] = static_cast<char>(id >> (8 * i));
  return text;
}

} // namespace

cluster_values::cluster_values(std::vector<std::string> names) : names_{std::move(names)}, values_(names_.size()) {
  for (auto& value : values_)
    value.store(std::numeric_limits<double>::quiet_NaN(), std::memory_order_relaxed);
}

void cluster_values::set(std::string_view name, double value) noexcept {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end())
    values_[static_cast<std::size_t>(found - names_.begin())].store(value, std::memory_order_relaxed);
}

result<alert_rule> alert_rule::bind(const layout& columns, alert_options options) {
  const auto failed = [](std::string_view part, error e) {
    e.where = std::string{part} + " " + (e.where.empty() ? "col 1" : e.where);
    return tl::unexpected{std::move(e)};
  };
  alert_rule rule;
  auto when = expression::bind(columns, options.when);
  if (!when)
    return failed("when", when.error());
  if (when->type() != column_type::boolean)
    return failed("when", {"an alert needs true or false, this is a " + std::string{to_string(when->type())}, {}, {}});
  auto summary = alert_summary::parse(columns, options.summary);
  if (!summary)
    return failed("summary", summary.error());
  rule.id_ = mixed(fnv1a(options.name));
  rule.when_ = *std::move(when);
  rule.summary_ = *std::move(summary);
  rule.options_ = std::move(options);
  return rule;
}

std::string alert_rule::fingerprint(std::string_view key) const {
  static constexpr std::string_view digits = "0123456789abcdef";
  auto value = mixed(fnv1a(key, id_));
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4)
    *digit = digits[value & 15];
  return text;
}

state_need lane_alerts::needs(const lane_alert_rules& rules) {
  const auto most = rules.rules.size() * max_alerts_of_a_rule * (firing_alerts::bytes_per_alert + usual_key_bytes);
  return {"alerts", firing_alerts::bytes_per_alert + max_key_bytes, most};
}

lane_alerts::lane_alerts(std::shared_ptr<const lane_alert_rules> rules, std::uint8_t tag, std::uint64_t max_bytes,
                         std::unique_ptr<json_records> records) :
    rules_{std::move(rules)},
    tag_{tag}, firing_{rules_->rules.size(), {rules_->rules.size() * max_alerts_of_a_rule, max_bytes}},
    records_{std::move(records)} {}

void lane_alerts::reject_long_keys(batch& b) const {
  bool by_own_key = false;
  for (std::size_t i = 0; i < rules_->rules.size(); ++i)
    if (const auto by = rules_->rules[i].options().by)
      core::reject_long_keys(b, *by, rules_->by_names[i]);
    else
      by_own_key |= !rules_->rules[i].options().by_lane;
  if (by_own_key)
    core::reject_long_keys(b);
}

batch lane_alerts::with_cluster_values(const batch& b) const {
  auto seen = b;
  seen.columns.resize(rules_->lane_columns);
  for (std::size_t i = 0; i < rules_->cluster->names().size(); ++i) {
    const auto value = (*rules_->cluster)[i];
    auto made = std::make_shared<column>();
    made->f64.assign(b.raw->size(), value);
    if (std::isnan(value))
      made->null.assign(b.raw->size(), 1);
    seen.columns.push_back(std::move(made));
  }
  return seen;
}

/// With nulls for what the step that said it does not know of.
batch lane_alerts::with_all_columns(const batch& said) const {
  auto all = said;
  all.columns.resize(rules_->lane_columns);
  for (column_id id = 0; id < all.columns.size(); ++id) {
    if (all.columns[id])
      continue;
    column_builder none{rules_->types[id]};
    none.start(all.raw->size());
    for (const auto row : all.rows)
      none.set_null(row);
    all.columns[id] = none.finish();
  }
  return rules_->cluster ? with_cluster_values(all) : all;
}

void lane_alerts::process(batch& b) {
  if (!b.rows.empty())
    reject_long_keys(b);
  if (b.rows.empty() && b.clocks.empty())
    return;
  std::vector<clock_rows> clocks;
  for (const auto& clock : b.clocks)
    clocks.push_back({clock->step, with_all_columns(clock->said), clock->in_front_of});
  auto out = std::make_shared<record_block>();
  const auto has_cluster = !b.rows.empty() && rules_->cluster && !rules_->cluster->names().empty();
  const auto seen = has_cluster ? with_cluster_values(b) : batch{};
  for (std::size_t i = 0; i < rules_->rules.size(); ++i)
    process_rule(i, has_cluster ? seen : b, clocks, *out);
  if (!out->empty())
    b.alerts = std::move(out);
}

void lane_alerts::process_rule(std::size_t index, const batch& b, const std::vector<clock_rows>& clocks,
                               record_block& out) {
  const auto& rule = rules_->rules[index];
  struct told {
    row_index in_front_of;
    const batch* said;
    column_ptr truth;
    row_index row;
  };
  std::vector<told> in_between;
  for (const auto& clock : clocks) {
    if (std::ranges::find(rule.options().clocks, clock.step) == rule.options().clocks.end())
      continue;
    const auto truth = rule.when().evaluate(clock.said);
    for (const auto row : clock.said.rows)
      in_between.push_back({clock.in_front_of[row], &clock.said, truth, row});
  }
  const auto can_change = [&](const column& truth, row_index row) {
    return (truth.i64[row] != 0 || !firing_.empty(index)) && !truth.is_null(row);
  };
  std::ranges::stable_sort(in_between, {}, &told::in_front_of);
  auto next = in_between.cbegin();
  const auto judge_up_to = [&](row_index row) {
    for (; next != in_between.cend() && next->in_front_of <= row; ++next)
      if (can_change(*next->truth, next->row))
        judge(index, *next->said, next->truth->i64[next->row] != 0, next->row, out);
  };
  if (!b.rows.empty()) {
    const auto truth = rule.when().evaluate(b);
    for (const auto row : b.rows) {
      judge_up_to(row);
      if (can_change(*truth, row))
        judge(index, b, truth->i64[row] != 0, row, out);
    }
  }
  judge_up_to(std::numeric_limits<row_index>::max());
}

void lane_alerts::judge(std::size_t index, const batch& b, bool is_true, row_index row, record_block& out) {
  const auto& rule = rules_->rules[index];
  std::string text;
  const auto key = key_of(b, rule.options(), row, text);
  const auto now = b.raw->timestamps[row];
  std::int64_t since = 0;
  const auto change = firing_.update(index, key, is_true, now, rule.options().repeat_ms, since);
  if (!is_said(change))
    return;
  alert_event event{change, since, now, std::string{key}, {}, {}, {}};
  rule.summary().render(b, row, event.summary);
  event.labels = "\"pipeline\":" + json_quoted(rules_->pipeline) + "," + json_quoted(rules_->by_names[index]) + ":"
                 + json_quoted(to_utf8(key));
  const bool is_record = b.raw->offsets[row] != clock_rows::no_offset;
  event.place =
      ",\"topic\":" + json_quoted(rules_->topic) + ",\"partition\":" + std::to_string(value_of(b.raw->partition));
  if (is_record)
    event.place += ",\"offset\":" + std::to_string(b.raw->offsets[row]);
  if (b.scored_by && !b.scored_by->empty())
    event.place += ",\"models\":{" + *b.scored_by + "}";
  if (const auto& detector = rule.options().detector) {
    event.place += detector->members;
    if (is_true) {
      event.place += core::describe(*detector, b, row, is_record ? records_.get() : nullptr);
      event.severity = text_at(b, detector->severity, row);
      if (event.summary.empty())
        event.summary = to_utf8(text_at(b, detector->reason, row));
    }
  }
  append_alert(rule, event, out);
}

void lane_alerts::collect_changes(record_block& into) {
  for (const auto& [rule, name] : firing_.take_changed()) {
    const auto key = static_cast<char>(tag_) + id_text(rules_->rules[rule].id()) + name;
    const auto* firing = firing_.find(rule, name);
    if (firing == nullptr) {
      into.append_tombstone(key);
      continue;
    }
    std::string value(state_size, state_version);
    std::memcpy(value.data() + 1, &firing->since, sizeof firing->since);
    std::memcpy(value.data() + 1 + sizeof firing->since, &firing->said, sizeof firing->said);
    into.append(key, value);
  }
  for (const auto& key : orphans_)
    into.append_tombstone(key);
  orphans_.clear();
}

result<void> lane_alerts::restore(std::string_view key, const std::string_view* value) {
  if (key.size() < 1 + id_size)
    return fail("a record of alert state without a rule", {}, "the state topic holds records of something else");
  const auto id = key.substr(1, id_size);
  const auto rule =
      std::find_if(rules_->rules.begin(), rules_->rules.end(), [&](const auto& r) { return id_text(r.id()) == id; });
  if (rule == rules_->rules.end()) {
    if (value != nullptr)
      orphans_.emplace_back(key);
    else
      std::erase(orphans_, key);
    return {};
  }
  const auto index = static_cast<std::size_t>(rule - rules_->rules.begin());
  const auto name = key.substr(1 + id_size);
  if (value == nullptr) {
    firing_.erase(index, name);
    return {};
  }
  if (value->size() != state_size || value->front() != state_version)
    return fail("state of the alert '" + rule->options().name + "' was written by another version", {},
                "start with the version that wrote it, or with a new state");
  firing_alerts::state firing;
  std::memcpy(&firing.since, value->data() + 1, sizeof firing.since);
  std::memcpy(&firing.said, value->data() + 1 + sizeof firing.since, sizeof firing.said);
  firing_.insert(index, name, firing);
  return {};
}

layout engine_alerts::columns(const std::vector<std::string>& aggregates) {
  layout result;
  for (const auto name : engine_metrics)
    result.add({std::string{name}, column_type::float64});
  for (const auto& name : aggregates)
    result.add({name, column_type::float64});
  return result;
}

engine_alerts::engine_alerts(std::string pipeline, const std::vector<std::string>& aggregates,
                             std::vector<alert_rule> rules) :
    pipeline_{std::move(pipeline)},
    columns_{columns(aggregates)}, rules_{std::move(rules)}, firing_{rules_.size()} {}

void engine_alerts::evaluate(const std::map<std::string, double, std::less<>>& values, std::int64_t now_ms,
                             record_block& out) {
  std::vector<double> figures;
  for (const auto& info : columns_) {
    const auto value = values.find(info.name);
    figures.push_back(value == values.end() ? std::numeric_limits<double>::quiet_NaN() : value->second);
  }
  const auto seen = one_record(figures);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto truth = rules_[i].when().evaluate(seen);
    if (truth->is_null(0))
      continue;
    alert_event event;
    event.now = now_ms;
    event.change = firing_.update(i, {}, truth->i64[0] != 0, now_ms, rules_[i].options().repeat_ms, event.since);
    if (!is_said(event.change))
      continue;
    rules_[i].summary().render(seen, 0, event.summary);
    event.labels = "\"pipeline\":" + json_quoted(pipeline_);
    append_alert(rules_[i], event, out);
  }
}

void engine_alerts::say(const std::string& name, const std::string& summary, std::int64_t now_ms,
                        record_block& out) const {
  alert_options options;
  options.name = name;
  options.when = "true";
  const auto rule = alert_rule::bind({}, std::move(options));
  alert_event event{firing_alerts::change::resolved, now_ms, now_ms, std::to_string(now_ms), summary, {}, {}};
  event.labels = "\"pipeline\":" + json_quoted(pipeline_);
  append_alert(*rule, event, out);
}

std::vector<firing_rule> engine_alerts::firing() const {
  std::vector<firing_rule> out;
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (const auto* state = firing_.find(i, {}))
      out.push_back({rules_[i].id(), *state});
  return out;
}

void engine_alerts::adopt(const std::vector<firing_rule>& firing) {
  for (const auto& said : firing)
    for (std::size_t i = 0; i < rules_.size(); ++i)
      if (rules_[i].id() == said.rule)
        firing_.insert(i, {}, said.state);
}

} // namespace weir::core
