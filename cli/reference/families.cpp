#include "cli/reference/families.hpp"

#include "cli/verbs.hpp"
#include "config/pipeline.hpp"
#include "config/sections.hpp"
#include "config/training.hpp"
#include "config/yaml_text.hpp"
#include "core/cluster/control_verb.hpp"
#include "core/expression/expression_functions.hpp"
#include "core/format/format.hpp"
#include "core/stats/node_figures.hpp"
#include "core/window/window_statistic.hpp"
#include "io/kinds.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/operator.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <array>

namespace weir::cli {

namespace {

/// What the type of a field is called: `column`, `duration`, or the words of a choice.
std::string type_text(const config::field_info& field) {
  using config::value_type;
  switch (field.type) {
  case value_type::text: return "text";
  case value_type::texts: return "text, or a list";
  case value_type::column: return "column";
  case value_type::columns: return "column, or a list";
  case value_type::made_column: return "new column";
  case value_type::made_columns: return "new column, or a list";
  case value_type::labelled: return "labels: new columns";
  case value_type::expression: return "expression";
  case value_type::expressions: return "new columns: expressions";
  case value_type::category_list: return "column: categories";
  case value_type::path: return "path";
  case value_type::flag: return "true, false";
  case value_type::number: return "number";
  case value_type::integer: return "whole number";
  case value_type::duration: return "duration";
  case value_type::size: return "size";
  case value_type::properties: return "properties";
  case value_type::section: return "section";
  case value_type::choice: break;
  }
  std::string words;
  for (const auto word : field.words())
    words += (words.empty() ? "" : ", ") + std::string{word};
  return field.members().empty() ? words : words + ", or a section";
}

/// The default of a field as a file would say it; `required`, or empty.
std::string default_text(const config::value::mapping& defaults, const config::field_info& field) {
  if (field.bounds.required)
    return "required";
  for (const auto& [name, value] : defaults)
    if (name == field.name)
      return config::yaml_line(value);
  return {};
}

std::vector<listed_field> fields_of(const config::kind_info& kind) {
  const auto defaults = kind.defaults();
  std::vector<listed_field> all;
  for (const auto& field : kind.fields) {
    all.push_back({std::string{field.name}, type_text(field), default_text(defaults, field), std::string{field.help}});
    for (const auto& member : field.members())
      all.push_back({std::string{field.name} + "." + std::string{member.name}, type_text(member),
                     member.bounds.required ? "required" : "", std::string{member.help}});
  }
  return all;
}

template <class Kinds>
std::vector<listed_kind> listed(const Kinds& kinds) {
  std::vector<listed_kind> all;
  for (const config::kind_info* kind : kinds)
    all.push_back({std::string{kind->name}, std::string{kind->help}, std::string{kind->example}, fields_of(*kind)});
  return all;
}

std::vector<listed_kind> sources() {
  return listed(io::catalogue().sources);
}
std::vector<listed_kind> formats() {
  std::vector<listed_kind> all;
  for (const auto* format : core::formats()) {
    std::string extensions;
    for (const auto extension : format->extensions)
      extensions += (extensions.empty() ? "" : ", ") + std::string{extension};
    all.push_back({std::string{format->name},
                   std::string{format->help} + (extensions.empty() ? "" : " (" + extensions + ")"),
                   std::string{format->example}});
  }
  return all;
}

std::vector<listed_kind> sinks() {
  return listed(io::catalogue().sinks);
}
std::vector<listed_kind> transforms() {
  return listed(io::catalogue().transforms.kinds);
}
std::vector<listed_kind> windows() {
  return listed(io::catalogue().windows.kinds);
}
std::vector<listed_kind> window_functions() {
  std::vector<listed_kind> all;
  for (const auto& one : core::window_functions())
    all.push_back({std::string{one.name}, std::string{one.help}, std::string{one.example}});
  return all;
}
std::vector<listed_kind> inferences() {
  return listed(io::catalogue().inferences.kinds);
}
std::vector<listed_kind> drifts() {
  return listed(io::catalogue().drifts.kinds);
}

std::vector<listed_kind> detectors() {
  return listed(io::catalogue().detectors.kinds);
}

std::vector<listed_kind> aggregates() {
  std::vector<listed_kind> all;
  for (const auto* kind : steps::aggregates()) {
    const std::string name{kind->statistic.name};
    all.push_back({name, std::string{kind->help},
                   "{ rolling: " + name + ", of: Amount, by: CustomerID, last: 20, as: " + name + "_20 }"});
  }
  return all;
}

/// A kind with the operators of its files and, where weir trains it, the options of `weir train`.
std::vector<listed_kind> kinds_of_model() {
  std::vector<listed_kind> all;
  for (const auto* kind : models::model_kinds()) {
    std::string help{kind->help};
    for (const auto known : kind->operators)
      help += (known == kind->operators.front() ? "; in ONNX `" : ", `") + std::string{known} + "`";
    auto& model = all.emplace_back(listed_kind{std::string{kind->name}, help, std::string{kind->example}});
    for (const auto& option : kind->options)
      model.fields.push_back(
          {std::string{option.name}, std::string{option.type}, option.usual(), std::string{option.help}});
  }
  return all;
}

std::vector<listed_kind> operators() {
  std::vector<listed_kind> all;
  for (const auto* known : models::onnx_operators())
    all.push_back({std::string{known->name}, std::string{known->help}, std::string{known->domain}});
  return all;
}

std::vector<listed_kind> functions() {
  std::vector<listed_kind> all;
  for (const auto& function : core::expression_functions())
    all.push_back({std::string{function.name}, std::string{function.help}, std::string{function.example}});
  return all;
}

std::vector<listed_kind> verbs_of_weir() {
  std::vector<listed_kind> all;
  for (const auto* verb : all_verbs())
    all.push_back({std::string{verb->name}, std::string{verb->help}, std::string{verb->example}});
  return all;
}

std::vector<listed_kind> control_verbs() {
  std::vector<listed_kind> all;
  for (const auto* verb : core::control_verbs())
    all.push_back(
        {std::string{verb->name}, std::string{verb->help},
         "weir ctl " + std::string{verb->name} + (verb->arguments.empty() ? "" : " ") + std::string{verb->arguments}});
  return all;
}

std::vector<listed_kind> metrics() {
  std::vector<listed_kind> all;
  for (const auto& figure : core::metrics())
    all.push_back({std::string{figure.metric}, std::string{figure.help}, std::string{to_string(figure.kind)}});
  return all;
}

/// The sections of a file that say how to run, each setting with its default.
std::vector<listed_kind> settings() {
  const config::pipeline usual;
  std::vector<listed_kind> all;
  const auto add = [&](const std::string& section, const config::field_info& field) {
    const auto value = field.show(&usual);
    all.push_back({section + std::string{field.name}, std::string{field.help},
                   value.is_nothing() ? std::string{} : config::yaml_line(value)});
  };
  for (const auto& field : config::top_fields())
    if (!field.bounds.required)
      add("", field);
  for (const auto& [name, fields] : config::settings_sections())
    for (const auto& field : fields)
      add(std::string{name} + ".", field);
  return all;
}

/// What a training file says: what reads itself, then the fields, those of a section behind it.
std::vector<listed_kind> training() {
  std::vector<listed_kind> all{
      {"data",
       "entries `file: PATH` or `kafka: { ... }`, each with its `format` where the file's name does not say it: "
       "together "
       "one table",
       "required"},
      {"schema", "the fields and their types, as in a pipeline; default: as the CSV files show it", ""},
      {"preprocess", "the steps that clean, as in a pipeline, and run by the same code", ""},
      {"pipeline", "a pipeline's file, whose schema and preprocess these are", ""},
      {"model", "a kind: `random_forest`; or with its options: `{ random_forest: { max_depth: 12 } }`", "required"},
      {"impute",
       "what stands for a missing value, in place of dropping the row: mean, median, most_frequent or a number, of all "
       "features or of some: `{ Age: median, Rooms: 0 }`; learned from the rows that learn, and done in the model's "
       "file",
       ""},
  };
  const auto add = [&](const std::string& section, std::span<const config::field_info> fields, const void* usual) {
    for (const auto& field : fields) {
      const auto value = usual != nullptr && !field.bounds.required ? field.show(usual) : config::value{};
      const auto shown = value.is_nothing() ? std::string{} : config::yaml_line(value);
      if (field.members().empty())
        all.push_back(
            {section + std::string{field.name}, std::string{field.help}, field.bounds.required ? "required" : shown});
    }
  };
  const config::training usual;
  const config::training_topic topic;
  add("", config::training_fields(), &usual);
  add("split.", config::fields_for(std::type_identity<config::training_split>{}).fields, &usual.split);
  const config::training_search search;
  all.push_back({"search.grid",
                 "options and lists of their values: all combinations are tried; the model learns with the best", ""});
  all.push_back(
      {"search.random", "options and lists of values, or `{ from: 0.01, to: 0.3, log: true }`: some are drawn", ""});
  all.push_back({"search.global",
                 "options and `{ from: 0.01, to: 0.3, log: true }`: each trial is chosen by how good those before were",
                 ""});
  add("search.", config::fields_for(std::type_identity<config::training_search>{}).fields, &search);
  add("register.", config::fields_for(std::type_identity<config::training_registration>{}).fields, nullptr);
  add("data.kafka.", config::fields_for(std::type_identity<config::training_topic>{}).fields, &topic);
  return all;
}

constexpr std::array all_families{
    family{"sources", "source", "where records come from", sources},
    family{"formats", "format", "how records are written down", formats, "a record"},
    family{"transforms", "transform", "steps of `preprocess`", transforms},
    family{"windows", "window", "steps of `aggregate`", windows},
    family{"aggregates", "aggregate", "statistics that a window shows", aggregates},
    family{"window_functions", "window function", "of windows that make records", window_functions},
    family{"inferences", "inference", "steps of `infer`", inferences},
    family{"detectors", "detector", "steps of `detect`", detectors},
    family{"drifts", "drift", "steps of `drift`", drifts},
    family{"sinks", "sink", "where records, alerts and dead letters go", sinks},
    family{"functions", "function", "of expressions", functions},
    family{"models", "model", "kinds of model that score records", kinds_of_model},
    family{"operators", "operator", "of ONNX files that hold a model", operators, "domain"},
    family{"settings", "setting", "how a pipeline runs, with their defaults", settings, "default"},
    family{"trainings", "training", "what a file for `weir train` says", training, "default"},
    family{"verbs", "verb", "of `weir`", verbs_of_weir},
    family{"controls", "control", "what `weir ctl` asks of a running pipeline", control_verbs},
    family{"metrics", "metric", "of `/metrics`", metrics, "type"},
};

} // namespace

std::span<const family> families() {
  return all_families;
}

const family* find_family(std::string_view name) {
  const auto found = std::find_if(all_families.begin(), all_families.end(),
                                  [&](const family& f) { return f.name == name || f.singular == name; });
  return found == all_families.end() ? nullptr : &*found;
}

} // namespace weir::cli
