#include "config/parse_training.hpp"

#include "config/explain.hpp"
#include "config/parse.hpp"
#include "config/parse_sections.hpp"
#include "config/parse_trained_model.hpp"
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

/// The steps of a pipeline that clean, up to the first that does more.
std::vector<step_ptr> first_transforms(const pipeline& of) {
  const auto cleans = [](const step_ptr& step) { return step->section() == "preprocess"; };
  return {of.steps.begin(), std::ranges::find_if_not(of.steps, cleans)};
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
  into.cleaning.steps = first_transforms(*pipeline);
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
  for (const auto& name : of.categories) {
    if (!(*kind)->takes_categories)
      top.report(name.at, "'" + of.model + "' takes no categories: name a model of trees");
    if (!of.takes_all() && std::ranges::find(of.features, name.text, &column_name::text) == of.features.end())
      top.report(name.at, "'" + name.text + "' is a category, but is no feature");
  }
  if (of.transform != models::target_transform::none && (learns == learning::unsupervised || learns_classes(of)))
    top.report(at("target_transform"),
               "a target is transformed where it is a number, and '" + of.model + "' predicts none here");
  if (!of.drop_missing)
    top.report(at("drop_missing"), "rows with a missing value are always dropped: 'impute' says what stands for it");
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
    into.cleaning.steps = parse_section(top, kinds.transforms);
  }
  if (needs_schema(into) && reader.diagnostics().empty())
    top.report(top.at(),
               "the fields' types are not known: give a 'schema', or the 'pipeline' that has it; only a CSV file "
               "can do without");
  read_trained_model(top, into);
  read_search(top, into);
  read_imputations(top, into);
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
