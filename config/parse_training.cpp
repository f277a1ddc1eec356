#include "config/parse_training.hpp"

#include "config/explain.hpp"
#include "config/parse.hpp"
#include "config/parse_sections.hpp"
#include "config/sections.hpp"
#include "config/units.hpp"
#include "core/format/format.hpp"
#include "core/format/text_value.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/registry/model_reference.hpp"
#include "models/registry/names.hpp"

#include <algorithm>

namespace weir::config {

namespace {

using models::learning;

/// A path as it stands; where nothing is there, beside the training file, if it is there.
std::string file_beside(const std::string& path, const std::string& training_file) {
  std::error_code unreadable;
  if (std::filesystem::path{path}.is_absolute() || std::filesystem::exists(path, unreadable))
    return path;
  const auto beside = (std::filesystem::path{training_file}.parent_path() / path).string();
  return std::filesystem::exists(beside, unreadable) ? beside : path;
}

std::optional<topic_place> place_of(const std::string& text) {
  if (text == "earliest")
    return topic_place{topic_place::kind::earliest};
  if (text == "latest")
    return topic_place{topic_place::kind::latest};
  if (const auto ago = parse_duration(text))
    return topic_place{topic_place::kind::ago, ago->count()};
  if (const auto time = core::read_timestamp(text))
    return topic_place{topic_place::kind::time, *time};
  return std::nullopt;
}

/// @param boundless the word for no bound: `earliest`, `latest`
void read_place(yaml_section& section, const located& text, std::string_view field, std::string_view boundless,
                topic_place& into) {
  const auto found = place_of(text.text);
  if (found && (found->has_time() || text.text == boundless))
    into = *found;
  else
    section.report(text.at, section.called(field) + " must be " + std::string{boundless}
                                + ", a time such as 2026-01-05T13:45:10Z, or how long ago, such as 24h");
}

std::optional<training_data_entry> read_entry(yaml_reader& reader, const yaml_node& node, const std::string& file) {
  training_data_entry made;
  made.at = node.at;
  yaml_section section{reader, node, "data"};
  const auto* found = section.one_of({"file", "kafka"});
  const auto has_format =
      section.choice("format", made.format, core::words_for(std::type_identity<const core::format_kind*>{}));
  if (found == nullptr)
    return std::nullopt;
  if (found->key->text == "file") {
    if (std::string path; section.text("file", path)) {
      made.file = file_beside(path, file);
      if (!has_format)
        made.format = format_by_name_of(&made.file);
    }
    return made;
  }
  auto& topic = made.topic.emplace();
  yaml_section settings{reader, *found->value, "kafka data"};
  read_fields(settings, fields_for(std::type_identity<training_topic>{}).fields, &topic);
  read_place(settings, topic.from_text, "from", "earliest", topic.from);
  read_place(settings, topic.to_text, "to", "latest", topic.to);
  return made;
}

void read_data(yaml_section& top, training& into) {
  const auto* node = top.require("data");
  if (node == nullptr)
    return;
  for (const auto* item : items_of(*node))
    if (auto entry = read_entry(top.reader(), *item, into.file))
      into.data.push_back(*std::move(entry));
  if (items_of(*node).empty())
    top.report(node->at, "'data' must not be empty");
}

/// `[1, 2]` is `1,2`, and `{ yes: 3, no: 1 }` is `yes:3,no:1`.
std::string option_text(yaml_reader& reader, const yaml_node& node, const std::string& what) {
  if (node.shape != yaml_node::shape::list && node.shape != yaml_node::shape::mapping)
    return text_of(reader, node, what).text;
  std::string text;
  for (const auto* item : node.items)
    text += (text.empty() ? "" : ",") + text_of(reader, *item, "an item of " + what).text;
  for (const auto& [key, value] : node.members)
    text += (text.empty() ? "" : ",") + key->text + ":" + text_of(reader, *value, "a member of " + what).text;
  return text;
}

void read_options(yaml_reader& reader, const yaml_node& node, const models::model_kind& kind, training& into) {
  yaml_section section{reader, node, std::string{kind.name}};
  for (const auto& option : kind.options) {
    const auto* value = section.find(option.name);
    if (value == nullptr)
      continue;
    auto text = option_text(reader, *value, section.called(option.name));
    if (!option.read(text, nullptr))
      section.report(value->at, section.called(option.name) + " must be a " + std::string{option.type} + ", found "
                                    + value->description());
    into.options[std::string{option.name}] = std::move(text);
  }
}

/// `random_forest`, or `{ random_forest: { max_depth: 12 } }`
void read_model(yaml_section& top, training& into) {
  const auto* node = top.require("model");
  if (node == nullptr)
    return;
  std::vector<std::string> names;
  for (const auto* kind : models::model_kinds())
    if (kind->train != nullptr)
      names.emplace_back(kind->name);
  if (node->shape != yaml_node::shape::mapping) {
    if (const auto chosen = word_of(top.reader(), *node, top.called("model"), names))
      into.model = names[*chosen];
    return;
  }
  yaml_section section{top.reader(), *node, "model"};
  const auto* chosen = section.one_of(names);
  if (chosen == nullptr)
    return;
  into.model = chosen->key->text;
  read_options(top.reader(), *chosen->value, **models::find_trained_kind(into.model), into);
}

std::string listed_measures(const core::layout& columns) {
  constexpr std::string_view side = "new.";
  std::string text;
  for (const auto& column : columns)
    if (column.name.starts_with(side))
      text += (text.empty() ? "" : ", ") + column.name.substr(side.size());
  return text;
}

/// `{ from: 0.01, to: 0.3, log: true }`
models::option_range read_range(yaml_reader& reader, const yaml_node& node, const models::training_option& option) {
  models::option_range made;
  yaml_section section{reader, node, std::string{option.name}};
  section.require("from");
  section.require("to");
  section.number("from", made.from, 0);
  section.number("to", made.to, 0);
  section.flag("log", made.is_log);
  made.is_whole = option.type == models::detail::type_name<std::uint64_t>();
  if (option.type != models::detail::type_name<double>() && !made.is_whole)
    section.report(node.at, "'" + std::string{option.name} + "' is no number: give a list of values");
  if (made.to < made.from || (made.is_log && made.from <= 0))
    section.report(node.at, "'from' must be less than 'to', and with 'log' above 0");
  return made;
}

void read_choices(yaml_section& search, const yaml_node& node, const models::model_kind& kind, training_search& into) {
  auto& reader = search.reader();
  yaml_section section{reader, node, std::string{kind.name}};
  for (const auto& option : kind.options) {
    const auto* values = section.find(option.name);
    if (values == nullptr)
      continue;
    auto& choice = into.choices.emplace_back(models::option_choice{std::string{option.name}, {}, {}});
    if (into.by != search_method::grid && values->shape == yaml_node::shape::mapping) {
      choice.range = read_range(reader, *values, option);
      if (into.by == search_method::global && choice.range->from == choice.range->to)
        section.report(values->at, "'from' must be less than 'to'");
      continue;
    }
    if (into.by == search_method::global) {
      section.report(values->at,
                     section.called(option.name)
                         + " must be a range in a global search: { from: 1, to: 10 }; what is a list can be "
                           "searched at random");
      continue;
    }
    if (items_of(*values).empty() || values->shape == yaml_node::shape::mapping)
      section.report(values->at,
                     section.called(option.name) + " must be a list of values, found " + values->description());
    for (const auto* item : items_of(*values)) {
      auto text = option_text(reader, *item, section.called(option.name));
      if (!option.read(text, nullptr))
        section.report(item->at, section.called(option.name) + " must be a " + std::string{option.type} + ", found "
                                     + item->description());
      choice.values.push_back(std::move(text));
    }
  }
}

void read_search(yaml_section& top, training& into) {
  const auto* node = top.find("search");
  const auto kind = models::find_trained_kind(into.model);
  if (node == nullptr || !kind)
    return;
  auto& search = into.search.emplace();
  yaml_section section{top.reader(), *node, "search"};
  read_fields(section, fields_for(std::type_identity<training_search>{}).fields, &search);
  const auto* chosen = section.one_of({"grid", "random", "global"});
  if (chosen == nullptr)
    return;
  search.by = chosen->key->text == "grid"     ? search_method::grid
              : chosen->key->text == "random" ? search_method::random
                                              : search_method::global;
  read_choices(section, *chosen->value, **kind, search);
  if (chosen->value->members.empty())
    section.report(chosen->value->at, "a search needs options to choose from: `weir list model " + into.model + "`");
  if (const auto* trials = section.find("trials"); trials != nullptr && search.by == search_method::grid)
    section.report(trials->at, "'trials' belongs to a random or global search: a grid tries all combinations");
  constexpr std::size_t most = 10'000;
  if (search.by == search_method::grid && models::grid_size(search.choices) > most)
    section.report(chosen->value->at,
                   "the grid has more than " + std::to_string(most) + " combinations: search at random");
  const auto columns = promotion_columns(learns_classes(into));
  if (!columns.find("new." + score_of(into)))
    section.report(search.score.at, "there is no measure '" + search.score.text + "'; "
                                        + (learns_classes(into) ? "of classes" : "of numbers")
                                        + " are: " + listed_measures(columns));
}

/// The schema and the steps of a pipeline's file: what cleans there cleans here.
void take_from_pipeline(yaml_section& top, const located& path, const catalogue& kinds, const environment& variables,
                        training& into) {
  for (const auto* own : {"schema", "preprocess"})
    if (const auto* node = top.find(own))
      top.report(node->at, "'" + std::string{own} + "' comes from the pipeline's file, give one of both");
  auto pipeline = parse_pipeline(std::filesystem::path{file_beside(path.text, into.file)}, kinds, variables);
  if (!pipeline) {
    auto& all = top.reader().diagnostics();
    all.insert(all.end(), pipeline.error().begin(), pipeline.error().end());
    return;
  }
  into.cleaning.file = pipeline->file;
  into.cleaning.schema = std::move(pipeline->schema);
  into.cleaning.preprocess = std::move(pipeline->preprocess);
}

bool needs_schema(const training& of) {
  const auto has_header = [](const training_data_entry& entry) {
    return !entry.topic && entry.format->header != nullptr;
  };
  return of.cleaning.schema.empty() && std::none_of(of.data.begin(), of.data.end(), has_header);
}

void check_weights(yaml_section& top, const training& of, const models::model_kind& kind) {
  const auto& weights = of.sample_weight;
  if (!kind.takes_weights)
    top.report(weights.at, "'" + of.model + "' takes no weights of rows");
  if (weights.text == of.target.text)
    top.report(weights.at, "the weights are the target, '" + weights.text + "'");
  for (const auto& feature : of.features)
    if (feature.text == weights.text)
      top.report(feature.at, "the weights '" + feature.text
                                 + "' are among the features: where the model scores there "
                                   "are none");
}

void check_kind(yaml_section& top, const training& of) {
  const auto kind = models::find_trained_kind(of.model);
  if (!kind)
    return; // which has been said
  const auto learns = (*kind)->learns;
  const auto at = [&](std::string_view field) { return top.find(field)->at; };
  if (of.target.text.empty() && learns != learning::unsupervised)
    top.report(top.at(), "'" + of.model + "' learns to predict a column: name it as 'target'");
  if (of.classify && (learns == learning::values || learns == learning::unsupervised))
    top.report(at("classify"), "'" + of.model + "' learns no classes: leave out 'classify', or name another model");
  for (const auto& feature : of.features)
    if (feature.text == of.target.text && !feature.text.empty())
      top.report(feature.at, "the target '" + feature.text
                                 + "' is among the features: a model that sees its target "
                                   "learns nothing else");
  if (!of.sample_weight.text.empty())
    check_weights(top, of, **kind);
  if (!of.drop_missing)
    top.report(at("drop_missing"), "rows with a missing value are always dropped: a pipeline has no result for them");
}

void check_split(yaml_section& top, const training& of) {
  const auto* node = top.find("split");
  const auto at = node != nullptr ? node->at : top.at();
  const auto& split = of.split;
  if (split.test + split.holdout >= 1)
    top.report(at, "'test' and 'holdout' leave no rows to learn from");
  if (split.by == split_order::time && split.column.text.empty())
    top.report(at, "a split by time needs the 'column' that says it");
  if (split.by != split_order::time && !split.column.text.empty())
    top.report(split.column.at, "'column' belongs to a split by time");
  if (split.stratify && !learns_classes(of))
    top.report(at, "'stratify' is of classes, and '" + of.model + "' learns none here");
  if (split.folds == 1)
    top.report(at, "'folds' are 2 at least, or 0 for none");
  if ((split.folds > 0 || of.search) && !has_target(of))
    top.report(at, "folds and searches measure against a target, and there is none");
  if (of.search && split.folds == 0 && split.test <= 0)
    top.report(at, "a search needs 'folds', or a 'test' part, to compare its trials");
  if (split.stratify && split.by == split_order::time)
    top.report(at, "a split by time is not stratified: it deals by time alone");
}

void check_outputs(yaml_section& top, const training& of) {
  if (of.out.empty() && !of.to)
    top.report(top.at(), "a model goes to a file or into a registry: give 'out' or 'register'");
  std::error_code is_not_there;
  for (const auto& entry : of.data)
    if (!of.out.empty() && !entry.topic && std::filesystem::equivalent(of.out, entry.file, is_not_there))
      top.report(top.find("out")->at, "the model would be written over its training data, '" + of.out + "'");
  if (!of.to)
    return;
  const auto& to = *of.to;
  if (const auto good = models::model_name_of(to.model.text); !good && !to.model.text.empty())
    top.report(to.model.at, explained(good.error()));
  if (!to.alias.text.empty())
    if (const auto good = models::check_alias(to.alias.text); !good)
      top.report(to.alias.at, explained(good.error()));
  if (to.when.text.empty())
    return;
  if (to.alias.text.empty())
    top.report(to.when.at, "'when' is a rule for an alias: name it");
  if (of.split.test + of.split.holdout <= 0)
    top.report(to.when.at, "'when' is judged on rows that nothing has learned from: give split.test or split.holdout");
  if (!has_target(of))
    top.report(to.when.at, "'when' compares predictions with a target, and there is none");
  const auto bound = core::expression::bind(promotion_columns(learns_classes(of)), to.when.text);
  if (!bound) {
    const auto [place, message] = explain(to.when, bound.error());
    top.report(place, message);
  } else if (bound->type() != core::column_type::boolean) {
    top.report(to.when.at, "'when' must be a condition, such as new.rmse < old.rmse");
  }
}

void check_columns(const training& of, yaml_reader& reader) {
  if (of.cleaning.schema.empty() || !reader.diagnostics().empty())
    return;
  if (auto bound = bind_training(of, core::json_format); !bound)
    for (auto& problem : bound.error())
      reader.diagnostics().push_back(std::move(problem));
}

void parse_top(yaml_reader& reader, const yaml_node& root, const catalogue& kinds, const environment& variables,
               training& into) {
  yaml_section top{reader, root, "training"};
  if (root.shape != yaml_node::shape::mapping)
    return;
  read_fields(top, training_fields(), &into);
  into.cleaning.name = into.name;
  into.cleaning.file = into.file;
  read_data(top, into);
  if (located path; top.text("pipeline", path)) {
    take_from_pipeline(top, path, kinds, variables, into);
  } else {
    parse_schema(top, into.cleaning);
    parse_steps(top, kinds.transforms, into.cleaning.preprocess);
  }
  if (needs_schema(into) && reader.diagnostics().empty())
    top.report(top.at(),
               "the fields' types are not known: give a 'schema', or the 'pipeline' that has it; only a CSV file "
               "can do without");
  read_model(top, into);
  read_search(top, into);
  check_kind(top, into);
  check_split(top, into);
  check_outputs(top, into);
  check_columns(into, reader);
}

} // namespace

tl::expected<training, std::vector<diagnostic>> parse_training(std::string_view yaml, std::string_view file_name,
                                                               const catalogue& kinds, const environment& variables) {
  yaml_reader reader{std::string{file_name}};
  training result;
  result.file = reader.file_name();
  const yaml_document document{yaml, reader.file_name(), variables, reader.diagnostics()};
  if (document.root() != nullptr)
    parse_top(reader, *document.root(), kinds, variables, result);
  else if (reader.diagnostics().empty())
    reader.report({}, "the file is empty");
  if (reader.diagnostics().empty())
    return result;
  sort(reader.diagnostics());
  return tl::unexpected{std::move(reader.diagnostics())};
}

tl::expected<training, std::vector<diagnostic>> parse_training(const std::filesystem::path& path,
                                                               const catalogue& kinds, const environment& variables) {
  const auto text = read_text(path);
  if (!text)
    return tl::unexpected{std::vector{text.error()}};
  return parse_training(*text, path.string(), kinds, variables);
}

} // namespace weir::config
