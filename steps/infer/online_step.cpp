#include "steps/infer/online_step.hpp"

#include "core/base/read_number.hpp"
#include "core/keyed/paged_table.hpp"
#include "steps/infer/online_operator.hpp"

#include <set>

namespace weir::steps {

namespace {

using namespace config;
using core::column_id;
using core::column_type;

std::string shown(const located& text) {
  return text.hidden ? "this one" : "'" + text.text + "'";
}

/// The columns that are there, as far as they are good; nothing: one is not, which has been said, or of a type that
/// nobody knows.
std::optional<online_model> find_columns(const online_columns& columns, wanted truth, binding& into) {
  online_model found;
  bool is_known = !columns.inputs.empty();
  const auto use = [&](const column_name& name, wanted what) {
    const auto id = into.use(name, what);
    is_known = is_known && id && !into.is_unknown(id);
    return read_column{id.value_or(0), name.text};
  };
  found.truth = use(columns.truth, truth);
  for (const auto& input : columns.inputs) {
    found.inputs.push_back(use(input, wanted::number));
    if (input.text == columns.truth.text && !input.text.empty())
      into.report(input.at, "the truth cannot be an input: the model would have nothing to learn");
  }
  if (columns.by)
    found.by = use(*columns.by, wanted::key);
  found.as_name = columns.as.text;
  found.max_keys = columns.by ? columns.max_keys.value_or(usual_max_keys) : 1;
  found.table = into.next_online_table();
  return is_known ? std::optional{std::move(found)} : std::nullopt;
}

/// A label as a model has it: of a number its eight bytes.
std::optional<std::string> label_of(const located& text, column_type type) {
  if (type == column_type::string)
    return text.text.size() <= models::online::max_label_bytes ? std::optional{text.text} : std::nullopt;
  const auto number = core::read_number<std::int64_t>(text.text);
  if (!number)
    return std::nullopt;
  return std::string{reinterpret_cast<const char*>(&*number), sizeof *number};
}

/// The labels that are given; none: those that come. Nothing: they are wrong, which has been said.
std::optional<std::vector<std::string>> labels_of(const online_columns& columns, column_type type, binding& into) {
  std::vector<std::string> labels;
  if (type == column_type::boolean) {
    if (!columns.classes.empty())
      into.report(columns.classes.front().at, "the classes of a bool are false and true: remove 'classes'");
    for (const std::int64_t number : {0, 1})
      labels.emplace_back(reinterpret_cast<const char*>(&number), sizeof number);
    return labels;
  }
  for (const auto& text : columns.classes) {
    auto label = label_of(text, type);
    if (!label) {
      into.report(text.at, type == column_type::string
                               ? "a label has " + std::to_string(models::online::max_label_bytes) + " bytes at most"
                               : shown(text) + " is no label of an int");
      return std::nullopt;
    }
    labels.push_back(*std::move(label));
  }
  return labels;
}

void add(online_model model, std::vector<column_id> made, binding& into) {
  if (model.learner->most_size() > core::paged_table::options{}.max_blob_bytes)
    return into.report("the model is too large: it would have " + std::to_string(model.learner->most_size())
                       + " bytes; give it fewer inputs or classes");
  if (model.table >= 128)
    return into.report("a pipeline has 128 models that learn on at most");
  into.add_online_model(online_step(std::move(model)), made);
}

} // namespace

void complete_online(online_columns& columns, yaml_section& from) {
  if (const auto* option = columns.by ? nullptr : from.find("max_keys"))
    from.report(option->at, "'max_keys' belongs to a model for each key ('by')");
  if (columns.by && !columns.max_keys)
    columns.max_keys = usual_max_keys;
  if (columns.classes.size() == 1)
    from.report(columns.classes.front().at, "'classes' needs two labels at least");
  std::set<std::string> labels;
  for (const auto& label : columns.classes)
    if (!labels.insert(label.text).second)
      from.report(label.at, "class " + shown(label) + " is given twice");
  if (columns.classes.empty())
    return;
  if (const auto* option = from.find("max_classes"))
    from.report(option->at, "'max_classes' is of labels that come, and 'classes' gives them");
}

void bind_online_regressor(const online_columns& columns, std::string_view kind, std::string options,
                           const std::function<models::online::learner_ptr(std::size_t)>& make, binding& into) {
  auto model = find_columns(columns, wanted::number, into);
  const auto as = into.make(columns.as, column_type::float64);
  if (!model)
    return;
  model->kind = kind;
  model->options = std::move(options);
  model->as = as;
  model->learner = make(model->inputs.size());
  add(*std::move(model), {as}, into);
}

void bind_online_classifier(
    const online_columns& columns, std::string_view kind, std::string options,
    const std::function<models::online::learner_ptr(std::size_t, models::online::class_list)>& make, binding& into) {
  auto model = find_columns(columns, wanted::anything, into);
  const auto type = model ? std::optional{into.type_of(model->truth.id)} : std::nullopt;
  std::vector<column_id> made{into.make(columns.as, type)};
  if (!columns.probability.text.empty())
    made.push_back(into.make(columns.probability, column_type::float64));
  if (!model)
    return;
  if (type != column_type::boolean && type != column_type::int64 && type != column_type::string)
    return into.report(columns.truth.at, "the truth of a classifier is a bool, an int or a string, "
                                             + shown(columns.truth) + " is a " + std::string{to_string(*type)});
  auto labels = labels_of(columns, *type, into);
  if (!labels)
    return;
  model->kind = kind;
  model->options = std::move(options);
  model->as = made.front();
  if (made.size() > 1)
    model->probability = made.back();
  model->label = type;
  model->classes = *labels;
  auto classes = labels->empty() ? models::online::class_list{columns.max_classes.value_or(usual_max_classes)}
                                 : models::online::class_list{*std::move(labels)};
  model->learner = make(model->inputs.size(), std::move(classes));
  add(*std::move(model), std::move(made), into);
}

} // namespace weir::steps
