#include "config/parse_trained_model.hpp"

#include "config/parse.hpp"
#include "models/kinds/model_kind.hpp"

#include <algorithm>
#include <utility>

namespace weir::config {

namespace {

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

core::result<models::imputation> read_rule(yaml_section& top, const std::string& feature, const yaml_node& node) {
  const auto text = text_of(top.reader(), node, "a value of 'impute'").text;
  auto made = models::read_imputation(feature, text);
  if (!made)
    top.report(node.at, made.error().what + ": " + made.error().remedy);
  return made;
}

} // namespace

void read_trained_model(yaml_section& top, training& into) {
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

void read_imputations(yaml_section& top, training& into) {
  const auto* node = top.find("impute");
  if (node == nullptr)
    return;
  if (node->shape != yaml_node::shape::mapping) {
    if (auto rule = read_rule(top, {}, *node))
      into.impute.push_back(*std::move(rule));
    return;
  }
  for (const auto& [name, value] : node->members) {
    const auto is_feature = std::ranges::find(into.features, name->text, &column_name::text) != into.features.end();
    if (!is_feature && !into.takes_all())
      top.report(name->at, "'" + name->text + "' is to be imputed, but is no feature");
    if (auto rule = read_rule(top, name->text, *value))
      into.impute.push_back(*std::move(rule));
  }
}

} // namespace weir::config
