#include "config/parse_sections.hpp"

namespace weir::config {

namespace {

constexpr std::uint32_t longest_window = 1'000'000;
constexpr std::uint32_t most_panes = 10'000;
constexpr std::int64_t most_keys = 100'000'000;

constexpr std::array<std::pair<std::string_view, statistic>, 6> statistic_words{{{"mean", statistic::mean},
                                                                                 {"sum", statistic::sum},
                                                                                 {"min", statistic::min},
                                                                                 {"max", statistic::max},
                                                                                 {"count", statistic::count},
                                                                                 {"stddev", statistic::stddev}}};

/// Calls `each` for the items of a list section.
template <class F>
void for_each_item(yaml_section& top, std::string_view field, F each) {
  const auto* node = top.find(field);
  if (node == nullptr)
    return;
  if (node->shape != yaml_node::shape::list)
    top.report(node->at, "'" + std::string{field} + "' must be a list, found " + node->description());
  else
    for (const auto* item : node->items)
      each(*item);
}

void require_text(yaml_section& section, std::string_view field, located& into) {
  section.require(field);
  section.text(field, into);
}

void optional_text(yaml_section& section, std::string_view field, std::optional<located>& into) {
  located value;
  if (section.text(field, value))
    into = std::move(value);
}

derive_step parse_derive(yaml_reader& reader, const yaml_node& node) {
  derive_step result;
  yaml_section section{reader, node, "derive step"};
  section.accept_others();
  for (const auto& [key, value] : section.others()) {
    if (value->shape == yaml_node::shape::nothing || (value->shape == yaml_node::shape::scalar && value->text.empty()))
      reader.report(key->at, "'" + key->text + "' in derive step needs an expression");
    else if (!value->unresolved)
      result.columns.emplace_back(text_of(reader, *key, "a name"),
                                  text_of(reader, *value, "the expression of '" + key->text + "'"));
  }
  return result;
}

encode_step parse_encode(yaml_reader& reader, const yaml_node& node) {
  encode_step result;
  yaml_section section{reader, node, "encode step"};
  section.accept_others();
  require_text(section, "as", result.as);
  auto columns = section.others();
  if (columns.size() != 1) {
    section.report(columns.empty() ? node.at : columns[1].key->at,
                   "an encode step names one column and its categories, as in { Device: [atm, web], as: device_code }");
    return result;
  }
  const auto& [key, value] = columns.front();
  result.column = text_of(reader, *key, "a column");
  if (value->shape != yaml_node::shape::list || value->items.empty())
    reader.report(value->at, "the categories of '" + key->text + "' must be a list, found " + value->description());
  for (const auto* item : value->items) {
    auto category = text_of(reader, *item, "a category of '" + key->text + "'");
    for (const auto& other : result.categories)
      if (other == category.text && item->shape == yaml_node::shape::scalar)
        reader.report(item->at, "category " + item->description() + " of '" + key->text + "' is there twice");
    result.categories.push_back(std::move(category.text));
  }
  return result;
}

void parse_step(yaml_reader& reader, const yaml_node& node, std::vector<preprocess_step>& into) {
  yaml_section section{reader, node, "preprocess step"};
  const auto* step = section.one_of({"filter", "derive", "encode", "drop_null"});
  if (step == nullptr || step->value->unresolved)
    return;
  const auto& kind = step->key->text;
  if (step->value->shape == yaml_node::shape::nothing)
    section.report(step->key->at, "field '" + kind + "' of preprocess step has no value");
  else if (kind == "filter") {
    filter_step filter;
    if (section.text("filter", filter.when))
      into.emplace_back(std::move(filter));
  } else if (kind == "derive")
    into.emplace_back(parse_derive(reader, *step->value));
  else if (kind == "encode")
    into.emplace_back(parse_encode(reader, *step->value));
  else {
    drop_null_step drop;
    section.texts("drop_null", drop.columns);
    into.emplace_back(std::move(drop));
  }
}

rolling_aggregate parse_rolling(yaml_reader& reader, const yaml_node& node) {
  rolling_aggregate result;
  result.at = node.at;
  yaml_section section{reader, node, "aggregate"};
  section.require("rolling");
  section.choice("rolling", result.what, statistic_words);
  require_text(section, "of", result.of);
  optional_text(section, "by", result.by);
  require_text(section, "as", result.as);
  auto by_count = section.find("last") != nullptr;
  auto by_time = section.find("over") != nullptr;
  section.integer("last", result.last, 1, longest_window);
  section.duration("over", result.over, milliseconds{1});
  section.duration("allowed_lateness", result.allowed_lateness);
  section.integer("panes", result.panes, 1, most_panes);
  section.integer("max_keys", result.max_keys, 1, most_keys);
  optional_text(section, "time", result.time);
  if (by_count == by_time)
    section.report(node.at, by_count ? "aggregate has both 'last' and 'over', give one"
                                     : "aggregate needs a window: 'last: 20' (records) or 'over: 5m' (event time)");
  else if (by_count && !result.by)
    section.report(node.at,
                   "a window of the last records needs 'by'; 'over: 5m' works without, over the whole cluster");
  for (auto field : {"allowed_lateness", "panes", "time"})
    if (const auto* option = by_time ? nullptr : section.find(field))
      section.report(option->at, "'" + std::string{field} + "' belongs to a window by time ('over')");
  if (const auto* option = result.by ? nullptr : section.find("max_keys"))
    section.report(option->at, "'max_keys' belongs to an aggregate by key ('by')");
  return result;
}

inference parse_inference(yaml_reader& reader, const yaml_node& node) {
  inference result;
  yaml_section section{reader, node, "inference"};
  require_text(section, "model", result.model);
  section.require("inputs");
  section.texts("inputs", result.inputs);
  require_text(section, "as", result.as);
  section.text("version", result.version);
  section.text("version_as", result.version_as);
  return result;
}

detection parse_detection(yaml_reader& reader, const yaml_node& node) {
  detection result;
  result.at = node.at;
  yaml_section section{reader, node, "detector"};
  // `threshold` is a detector of its own and an option of the others.
  std::string kind = "threshold";
  for (const auto* other : {"moving_average", "zscore"})
    if (section.find(other) != nullptr)
      kind = other;
  auto is_threshold = kind == "threshold";
  for (const auto* field : {"by", "as", "score", "min_count", "last", "max_keys", "above", "below"})
    section.find(field);
  if (section.find(kind) == nullptr || (is_threshold && !section.others().empty())) {
    section.one_of({"zscore", "moving_average", "threshold"});
    return result;
  }
  if (!is_threshold) {
    section.one_of({"zscore", "moving_average"});
    if (section.number("threshold", result.threshold, 0) && result.threshold == 0)
      section.report(section.find("threshold")->at, "'threshold' in detector must be greater than 0");
  }
  result.kind = is_threshold       ? detector_kind::threshold
                : kind == "zscore" ? detector_kind::zscore
                                   : detector_kind::moving_average;
  section.text(kind, result.of);
  optional_text(section, "by", result.by);
  require_text(section, "as", result.as);
  section.text("score", result.score);
  section.integer("min_count", result.min_count, 1, longest_window);
  section.integer("last", result.last, 2, longest_window);
  section.integer("max_keys", result.max_keys, 1, most_keys);
  double limit = 0;
  if (section.number("above", limit))
    result.above = limit;
  if (section.number("below", limit))
    result.below = limit;
  auto belongs_to = [&](std::string_view field, bool fits, const std::string& owners) {
    if (const auto* option = fits ? nullptr : section.find(field))
      section.report(option->at,
                     "'" + std::string{field} + "' does not belong to a " + kind + " detector, but to " + owners);
  };
  belongs_to("above", is_threshold, "threshold");
  belongs_to("below", is_threshold, "threshold");
  belongs_to("by", !is_threshold, "zscore and moving_average");
  belongs_to("min_count", !is_threshold, "zscore and moving_average");
  belongs_to("max_keys", !is_threshold, "zscore and moving_average");
  belongs_to("last", kind == "moving_average", "moving_average");
  if (const auto* option = result.by || is_threshold ? nullptr : section.find("max_keys"))
    section.report(option->at, "'max_keys' belongs to a detector by key ('by')");
  if (is_threshold && !result.above && !result.below)
    section.report(node.at, "a threshold detector needs 'above', 'below' or both");
  if (kind == "moving_average" && result.min_count > result.last)
    section.report(node.at, "'min_count' of detector is larger than its window 'last'");
  return result;
}

} // namespace

void parse_preprocess(yaml_section& top, pipeline& into) {
  for_each_item(top, "preprocess", [&](const yaml_node& item) { parse_step(top.reader(), item, into.preprocess); });
}

void parse_aggregate(yaml_section& top, pipeline& into) {
  for_each_item(top, "aggregate",
                [&](const yaml_node& item) { into.aggregate.push_back(parse_rolling(top.reader(), item)); });
}

void parse_infer(yaml_section& top, pipeline& into) {
  for_each_item(top, "infer",
                [&](const yaml_node& item) { into.infer.push_back(parse_inference(top.reader(), item)); });
}

void parse_detect(yaml_section& top, pipeline& into) {
  for_each_item(top, "detect",
                [&](const yaml_node& item) { into.detect.push_back(parse_detection(top.reader(), item)); });
}

} // namespace weir::config
