#include "config/detector_alerts.hpp"

#include "core/format/json_text.hpp"

#include <set>
#include <utility>
#include <vector>

namespace weir::config {

namespace {

constexpr std::string_view every = "all";

std::string verdict_of(const step& detector) {
  return detector.text_of("as");
}

bool is_detector(const step& one) {
  return one.section() == "detect" || one.section() == "drift";
}

std::vector<std::string> verdicts_of(const pipeline& of) {
  std::vector<std::string> names;
  for (const auto& step : of.steps)
    if (is_detector(*step))
      names.push_back(verdict_of(*step));
  return names;
}

/// The same rule for each detector that no rule names.
std::vector<alert_rule> one_for_each(const alert_rule& rule, const pipeline& of) {
  std::set<std::string> taken;
  for (const auto& other : of.alerts)
    taken.insert(other.detector.text);
  std::vector<alert_rule> all;
  for (auto& name : verdicts_of(of))
    if (!taken.contains(name)) {
      all.push_back(rule);
      all.back().detector.text = name;
      all.back().name = std::move(name);
    }
  return all;
}

/// Fills in what the rule does not say; a rule over a drift of the whole pipeline becomes one over that value.
void complete(alert_rule& rule, pipeline& of, yaml_reader& reader) {
  const auto& name = rule.detector.text;
  for (auto& detector : of.steps) {
    if (!is_detector(*detector) || verdict_of(*detector) != name)
      continue;
    if (rule.name.empty())
      rule.name = name;
    if (detector->text_of("scope") == "pipeline") { // the supervisor has its verdict, as a value of the whole pipeline
      rule.when = {{in_backticks(name) + " > 0", rule.detector.at}};
      rule.detector = {};
      return;
    }
    detector = detector->with_all_columns(name, of.output.drop);
    if (const auto by = detector->text_of("by"); !rule.by && !by.empty())
      rule.by = column_name{{by, rule.detector.at}};
    return;
  }
  reader.report(rule.detector.at,
                "no detector makes a column '" + name + "' with 'as'" + did_you_mean(name, verdicts_of(of)));
}

std::string json_of(const value& shown) {
  if (const auto* text = std::get_if<std::string>(&shown.data))
    return core::json_quoted(*text);
  if (const auto* number = std::get_if<double>(&shown.data))
    return shown_number(*number);
  if (const auto* number = std::get_if<std::int64_t>(&shown.data))
    return std::to_string(*number);
  std::string items;
  if (const auto* list = std::get_if<value::list>(&shown.data))
    for (const auto& item : *list)
      items += (items.empty() ? "" : ",") + json_of(item);
  return '[' + items + ']';
}

} // namespace

std::string in_backticks(const std::string& name) {
  std::string text{'`'};
  for (const char c : name)
    text.append(c == '`' ? 2 : 1, c);
  return text + '`';
}

void complete_detector_alerts(pipeline& into, yaml_reader& reader) {
  const auto named_in_file = into.alerts;
  std::vector<alert_rule> rules;
  for (const auto& rule : named_in_file)
    if (rule.detector.text == every)
      for (auto& one : one_for_each(rule, into))
        rules.push_back(std::move(one));
    else
      rules.push_back(rule);
  for (auto& rule : rules)
    if (!rule.detector.text.empty())
      complete(rule, into, reader);
  into.alerts = std::move(rules);
}

const step* find_detector(const pipeline& of, std::string_view verdict) {
  for (const auto& step : of.steps)
    if (is_detector(*step) && verdict_of(*step) == verdict)
      return step.get();
  return nullptr;
}

core::detector_facts facts_of(const step& detector, const binding& columns) {
  core::detector_facts facts;
  facts.members = ",\"detector\":" + core::json_quoted(verdict_of(detector))
                  + ",\"kind\":" + core::json_quoted(detector.kind().name);
  for (const auto& [name, shown] : detector.show())
    if (name == detector.kind().name)
      facts.members += ",\"of\":" + json_of(shown);
    else if (name == "threshold" || name == "above" || name == "below")
      facts.members += ',' + core::json_quoted(name) + ':' + json_of(shown);
  for (const auto& field : detector.kind().fields) {
    const auto made = field.type == value_type::made_column ? columns.find(detector.text_of(field.name)) : std::nullopt;
    if (!made || field.name == "as")
      continue;
    if (field.name == "severity") {
      facts.severity = made;
      continue;
    }
    if (field.name == "reason")
      facts.reason = made;
    facts.said.push_back(*made);
    facts.names.emplace_back(field.name);
  }
  return facts;
}

} // namespace weir::config
