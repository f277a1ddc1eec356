#include "config/steps.hpp"

#include "core/expression/expression.hpp"

#include <algorithm>

namespace weir::config {

std::vector<std::string> cluster_names(const pipeline& of) {
  std::vector<std::string> result;
  for (const auto& a : of.aggregate)
    if (!a.by)
      result.push_back(a.as.text);
  return result;
}

bool is_engine_rule(const alert_rule& rule, const core::layout& engine) {
  std::vector<core::column_id> used;
  if (auto when = core::expression::bind(engine, rule.when.text))
    when->collect_columns(used);
  return !used.empty() || rule.when.text.find("engine.") != std::string::npos;
}

bool aggregates_before_inference(const pipeline& of) {
  auto is_input = [&](const rolling_aggregate& a) {
    return std::any_of(of.infer.begin(), of.infer.end(), [&](const inference& i) {
      return std::any_of(i.inputs.begin(), i.inputs.end(), [&](const located& in) { return in.text == a.as.text; });
    });
  };
  return std::any_of(of.aggregate.begin(), of.aggregate.end(), is_input);
}

std::vector<located> made_columns(const pipeline& of) {
  std::vector<located> result;
  auto add = [&](const located& name) {
    if (!name.text.empty())
      result.push_back(name);
  };
  for (const auto& step : of.preprocess) {
    if (const auto* derive = std::get_if<derive_step>(&step))
      for (const auto& [name, expression] : derive->columns)
        add(name);
    else if (const auto* encode = std::get_if<encode_step>(&step))
      add(encode->as);
  }
  for (const auto& a : of.aggregate)
    if (a.by)
      add(a.as);
  for (const auto& i : of.infer) {
    add(i.as);
    add(i.version_as);
  }
  for (const auto& d : of.detect) {
    add(d.as);
    add(d.score);
  }
  return result;
}

} // namespace weir::config
