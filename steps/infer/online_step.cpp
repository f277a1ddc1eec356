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

/// The column that has a value of the row before a change. Nothing: there is none, `missing` says it.
std::optional<read_column> find_old(const read_column& of, const binding& into, std::vector<std::string>& missing) {
  const auto name = "before." + of.name;
  const auto id = into.find(name);
  if (id && into.type_of(*id) == into.type_of(of.id) && into.is_from_source(*id) == into.is_from_source(of.id))
    return read_column{*id, name};
  missing.push_back("'" + name + "', of the type of '" + of.name + "'"
                    + (into.is_from_source(of.id) ? "" : " and made as it is"));
  return std::nullopt;
}

/// Where a model finds the row before a change. Nothing: not everywhere, `missing` says it.
std::optional<read_changes::old_row> find_old_row(const online_model& of, const binding& into,
                                                  std::vector<std::string>& missing) {
  read_changes::old_row found;
  for (const auto& input : of.inputs)
    if (auto old = find_old(input, into, missing))
      found.inputs.push_back(*std::move(old));
  if (auto old = find_old(of.truth, into, missing))
    found.truth = *std::move(old);
  if (of.by)
    found.by = find_old(*of.by, into, missing);
  return missing.empty() ? std::optional{std::move(found)} : std::nullopt;
}

/// The column that says whether a change is a delete.
std::optional<read_column> find_operation(const binding& into) {
  for (const auto& [name, type] :
       {std::pair{"__deleted", column_type::boolean}, std::pair{"__op", column_type::string}})
    if (const auto id = into.find(name); id && into.type_of(*id) == type && into.is_from_source(*id))
      return read_column{*id, name};
  return std::nullopt;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Sees to the changes that a source holds, as far as the file wants it and the schema allows.
void find_changes(const online_columns& columns, online_model& of, binding& into) {
  if (!into.has_changes()) {
    if (columns.unlearn)
      into.report("'unlearn' belongs to a source of 'format: debezium'");
    return;
  }
  if (columns.unlearn == false)
    return into.note("'" + of.as_name + "' learns each change as a row (unlearn: false)");
  std::vector<std::string> missing;
  const auto operation = find_operation(into);
  if (!operation)
    missing.push_back("'__op', a string, or '__deleted', a bool");
  auto old = find_old_row(of, into, missing);
  const bool can = of.learner->unlearns();
  if (columns.unlearn == true && !can)
    return into.report("'" + of.kind + "' cannot un-learn as it is set here: remove 'unlearn'");
  if (columns.unlearn == true && !missing.empty())
    return into.report("'unlearn' needs in the schema: " + listed(missing));
  if (!operation)
    return into.note("'" + of.as_name + "' learns each change as a row, deletes too: the schema has no '__op'");
  of.changes = read_changes{*operation, can ? std::move(old) : std::nullopt};
  if (of.changes->old)
    return into.note("'" + of.as_name + "' un-learns the old rows of updates and deletes");
  into.note("'" + of.as_name + "' learns new rows only: "
            + (can ? "the schema has no " + listed(missing) : of.kind + " cannot un-learn"));
}

void add(const online_columns& columns, online_model model, binding& into) {
  find_changes(columns, model, into);
  if (model.learner->most_size() > core::paged_table::options{}.max_blob_bytes)
    return into.report("the model is too large: it would have " + std::to_string(model.learner->most_size())
                       + " bytes; give it fewer inputs, classes, leaves or trees");
  if (model.table >= 128)
    return into.report("a pipeline has 128 models that learn on at most");
  core::step_figures figures{model.as_name, model.figures};
  into.add_online_model(online_step(std::move(model)), std::move(figures));
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
  add(columns, *std::move(model), into);
}

void bind_online_classifier(
    const online_columns& columns, std::string_view kind, std::string options,
    const std::function<models::online::learner_ptr(std::size_t, models::online::class_list)>& make, binding& into) {
  auto model = find_columns(columns, wanted::anything, into);
  const auto type = model ? std::optional{into.type_of(model->truth.id)} : std::nullopt;
  const auto as = into.make(columns.as, type);
  std::optional<column_id> probability;
  if (!columns.probability.text.empty())
    probability = into.make(columns.probability, column_type::float64);
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
  model->as = as;
  model->probability = probability;
  model->label = type;
  model->classes = *labels;
  auto classes = labels->empty() ? models::online::class_list{columns.max_classes.value_or(usual_max_classes)}
                                 : models::online::class_list{*std::move(labels)};
  model->learner = make(model->inputs.size(), std::move(classes));
  add(columns, *std::move(model), into);
}

} // namespace weir::steps
