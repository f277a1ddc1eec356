#include "core/alert/alert_rules.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/utf8.hpp"
#include "core/format/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace weir::core {

namespace {

constexpr char state_version = 1;
constexpr std::size_t state_size = 1 + 2 * sizeof(std::int64_t);
constexpr std::size_t id_size = sizeof(std::uint64_t);

constexpr std::uint64_t fnv_basis = 14695981039346656037u;

/// FNV-1a. Fingerprints and changelog keys are made of it, so it must never change.
std::uint64_t fnv1a(std::string_view bytes, std::uint64_t from) noexcept {
  for (const char c : bytes)
    from = (from ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return from;
}

/// The finalizer of splitmix64: every bit of the input reaches every bit of the result.
std::uint64_t mix(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::string time_text(std::int64_t ms) {
  if (!is_rfc3339_time(ms))
    return std::to_string(ms);
  std::array<char, timestamp_text_size> text{};
  return json_quoted({text.data(), static_cast<std::size_t>(format_timestamp(ms, text.data()) - text.data())});
}

/// What an alert says, beside its rule.
struct alert_event {
  alert_states::change change = alert_states::change::none;
  std::int64_t since = 0;
  std::int64_t now = 0;
  std::string key; ///< what tells fingerprints apart
  std::string summary;
  std::string labels; ///< JSON members
  std::string place;  ///< JSON members, each behind a comma: where the record was, by which models it was scored;
                      ///< empty for engine rules
};

void append_alert(const alert_rule& rule, const alert_event& event, record_block& out) {
  const auto is_resolved = event.change == alert_states::change::resolved;
  const auto fingerprint = rule.fingerprint(event.key);
  const auto& summary = event.summary.empty() ? rule.options().name : event.summary;
  out.append(fingerprint, "{\"alert\":" + json_quoted(rule.options().name)
                              + ",\"status\":" + (is_resolved ? "\"resolved\"" : "\"firing\"") + ",\"severity\":"
                              + json_quoted(rule.options().severity) + ",\"fingerprint\":\"" + fingerprint
                              + "\",\"summary\":" + json_quoted(summary) + ",\"starts_at\":" + time_text(event.since)
                              + ",\"ends_at\":" + (is_resolved ? time_text(event.now) : "null") + ",\"labels\":{"
                              + event.labels + "}" + event.place + "}");
}

bool is_said(alert_states::change change) noexcept {
  return change == alert_states::change::firing || change == alert_states::change::repeated
         || change == alert_states::change::resolved;
}

/// What tells fingerprints apart: the value of `by`, or the record's key. Points into the batch or to `text`.
std::string_view key_of(const batch& b, const column* by, row_index row, std::string& text) {
  if (by == nullptr)
    return b.raw->key(row);
  if (by->is_null(row))
    return {};
  if (by->type == column_type::string)
    return by->text[row];
  text.clear();
  append_value(*by, row, text);
  return text;
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
  rule.id_ = mix(fnv1a(options.name, fnv_basis));
  rule.when_ = *std::move(when);
  rule.summary_ = *std::move(summary);
  rule.options_ = std::move(options);
  return rule;
}

std::string alert_rule::fingerprint(std::string_view key) const {
  static constexpr std::string_view digits = "0123456789abcdef";
  auto value = mix(fnv1a(key, id_));
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4)
    *digit = digits[value & 15];
  return text;
}

const alert_states::firing* alert_states::find(std::string_view key) const {
  const auto found = firing_.find(key);
  return found == firing_.end() ? nullptr : &found->second;
}

void alert_states::erase(std::string_view key) {
  if (const auto found = firing_.find(key); found != firing_.end())
    firing_.erase(found);
}

alert_states::change alert_states::update(std::string_view key, bool is_true, std::int64_t now, std::int64_t repeat_ms,
                                          std::int64_t& since) {
  if (firing_.empty() && !is_true)
    return change::none;
  const auto found = firing_.find(key);
  if (found == firing_.end()) {
    if (!is_true)
      return change::none;
    if (firing_.size() == most_firing)
      return change::overflow;
    since = now;
    firing_.emplace(key, firing{now, now});
    return change::firing;
  }
  since = found->second.since;
  if (!is_true) {
    firing_.erase(found);
    return change::resolved;
  }
  if (repeat_ms == 0 || now - found->second.said < repeat_ms)
    return change::none;
  found->second.said = now;
  return change::repeated;
}

lane_alerts::lane_alerts(std::shared_ptr<const lane_alert_rules> rules, std::uint8_t tag) :
    rules_{std::move(rules)}, tag_{tag}, states_(rules_->rules.size()) {}

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

void lane_alerts::process(batch& b) {
  if (b.rows.empty())
    return;
  auto out = std::make_shared<record_block>();
  const auto has_cluster = rules_->cluster && !rules_->cluster->names().empty();
  const auto seen = has_cluster ? with_cluster_values(b) : batch{};
  for (std::size_t i = 0; i < states_.size(); ++i)
    process_rule(i, has_cluster ? seen : b, *out);
  if (!out->empty())
    b.alerts = std::move(out);
}

void lane_alerts::process_rule(std::size_t index, const batch& b, record_block& out) {
  const auto& rule = rules_->rules[index];
  auto& [states, changed] = states_[index];
  const auto truth = rule.when().evaluate(b);
  const auto* by = rule.options().by ? &b.at(*rule.options().by) : nullptr;
  std::string text;
  for (const auto row : b.rows) {
    const auto is_true = truth->i64[row] != 0;
    if ((!is_true && states.empty()) || truth->is_null(row))
      continue;
    const auto key = key_of(b, by, row, text);
    const auto now = b.raw->timestamps[row];
    std::int64_t since = 0;
    const auto change = states.update(key, is_true, now, rule.options().repeat_ms, since);
    overflowed_ += change == alert_states::change::overflow ? 1 : 0;
    if (!is_said(change))
      continue;
    alert_event event{change, since, now, std::string{key}, {}, {}, {}};
    changed.emplace(key);
    rule.summary().render(b, row, event.summary);
    event.labels = "\"pipeline\":" + json_quoted(rules_->pipeline) + "," + json_quoted(rules_->by_names[index]) + ":"
                   + json_quoted(to_utf8(key));
    event.place = ",\"topic\":" + json_quoted(rules_->topic) + ",\"partition\":"
                  + std::to_string(value_of(b.raw->partition)) + ",\"offset\":" + std::to_string(b.raw->offsets[row]);
    if (!rules_->models.empty())
      event.place += ",\"models\":{" + rules_->models + "}";
    append_alert(rule, event, out);
  }
}

void lane_alerts::collect_changes(record_block& into) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    auto& [states, changed] = states_[i];
    const auto prefix = static_cast<char>(tag_) + id_text(rules_->rules[i].id());
    for (const auto& key : changed) {
      const auto* firing = states.find(key);
      if (firing == nullptr) {
        into.append_tombstone(prefix + key);
        continue;
      }
      std::string value(state_size, state_version);
      std::memcpy(value.data() + 1, &firing->since, sizeof firing->since);
      std::memcpy(value.data() + 1 + sizeof firing->since, &firing->said, sizeof firing->said);
      into.append(prefix + key, value);
    }
    changed.clear();
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
  auto& states = states_[static_cast<std::size_t>(rule - rules_->rules.begin())].states;
  const auto name = key.substr(1 + id_size);
  if (value == nullptr) {
    states.erase(name);
    return {};
  }
  if (value->size() != state_size || value->front() != state_version)
    return fail("state of the alert '" + rule->options().name + "' was written by another version", {},
                "start with the version that wrote it, or with a new state");
  alert_states::firing firing;
  std::memcpy(&firing.since, value->data() + 1, sizeof firing.since);
  std::memcpy(&firing.said, value->data() + 1 + sizeof firing.since, sizeof firing.said);
  states.insert(name, firing);
  return {};
}

std::size_t lane_alerts::firing() const noexcept {
  std::size_t sum = 0;
  for (const auto& state : states_)
    sum += state.states.size();
  return sum;
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
    columns_{columns(aggregates)}, rules_{std::move(rules)}, states_(rules_.size()) {}

void engine_alerts::evaluate(const std::map<std::string, double, std::less<>>& values, std::int64_t now_ms,
                             record_block& out) {
  batch seen; // of one record, that no source has read
  seen.rows = {0};
  for (const auto& info : columns_) {
    const auto value = values.find(info.name);
    const auto is_null = value == values.end() || std::isnan(value->second);
    auto made = std::make_shared<column>();
    made->f64 = {is_null ? 0.0 : value->second};
    if (is_null)
      made->null = {1};
    seen.columns.push_back(std::move(made));
  }
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto truth = rules_[i].when().evaluate(seen);
    if (truth->is_null(0))
      continue;
    alert_event event;
    event.now = now_ms;
    event.change = states_[i].update({}, truth->i64[0] != 0, now_ms, rules_[i].options().repeat_ms, event.since);
    if (!is_said(event.change))
      continue;
    rules_[i].summary().render(seen, 0, event.summary);
    event.labels = "\"pipeline\":" + json_quoted(pipeline_);
    append_alert(rules_[i], event, out);
  }
}

std::vector<firing_rule> engine_alerts::firing() const {
  std::vector<firing_rule> out;
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (const auto* state = states_[i].find({}))
      out.push_back({rules_[i].id(), *state});
  return out;
}

void engine_alerts::adopt(const std::vector<firing_rule>& firing) {
  for (const auto& said : firing)
    for (std::size_t i = 0; i < rules_.size(); ++i)
      if (rules_[i].id() == said.rule)
        states_[i].insert({}, said.state);
}

} // namespace weir::core
