#include "models/scorer.hpp"

#include "core/batch/made_columns.hpp"
#include "models/class_names.hpp"
#include "models/explain/explained_class.hpp"
#include "models/gather.hpp"
#include "models/row_block.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weir::models {

namespace {

using core::column;
using core::column_type;
using core::row_index;
using core::set_column;

/// Rows that are gathered, scored and scattered at a time: their features stay in the second cache.
constexpr std::size_t most_rows = 1024;

std::size_t rows_of(const column& c) {
  switch (c.type) {
  case column_type::float64: return c.f64.size();
  case column_type::string: return c.text.size();
  default: return c.i64.size();
  }
}

column_type type_of(element type) {
  switch (type) {
  case element::text: return column_type::string;
  case element::i64: return column_type::int64;
  case element::boolean: return column_type::boolean;
  default: return column_type::float64;
  }
}

std::shared_ptr<column> make_column(column_type type, std::size_t rows) {
  auto made = std::make_shared<column>();
  made->type = type;
  switch (type) {
  case column_type::float64: made->f64.resize(rows); break;
  case column_type::string: made->text.resize(rows); break;
  default: made->i64.resize(rows); break;
  }
  return made;
}

/// As many bytes as the longest value of a feature takes.
constexpr std::size_t gathered_bytes = sizeof(std::string_view);

template <class To, class From>
void scatter_values(const void* from, const row_index* rows, std::size_t count, std::vector<To>& into) {
  const auto* values = static_cast<const From*>(from);
  for (std::size_t i = 0; i < count; ++i)
    into[rows[i]] = static_cast<To>(values[i]);
}

void scatter(const void* from, element is, const row_index* rows, std::size_t count, column& into) {
  switch (is) {
  case element::f32: return scatter_values<double, float>(from, rows, count, into.f64);
  case element::f64: return scatter_values<double, double>(from, rows, count, into.f64);
  case element::i64: return scatter_values<std::int64_t, std::int64_t>(from, rows, count, into.i64);
  case element::boolean: return scatter_values<std::int64_t, bool>(from, rows, count, into.i64);
  case element::text: return scatter_values<std::string_view, std::string_view>(from, rows, count, into.text);
  }
}

std::vector<std::string> names_of(const std::vector<model_feature>& features) {
  std::vector<std::string> made;
  for (const auto& feature : features)
    made.push_back(feature.name);
  return made;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

core::result<void> check_inputs(const model_meaning& m, const core::layout& columns,
                                const std::vector<core::column_id>& inputs) {
  if (inputs.size() != m.features.size())
    return core::fail(
        "the model takes " + std::to_string(m.features.size()) + " inputs, not " + std::to_string(inputs.size()), {},
        m.has_names ? "its features: " + listed(names_of(m.features)) : "name a column for each feature, in order");
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto is_text = columns[inputs[i]].type == column_type::string;
    if (is_text && m.features[i].type != element::text)
      return core::fail("input '" + columns[inputs[i]].name + "' is a string", {},
                        "make a number of it by an 'encode' step in 'preprocess'");
    if (!is_text && m.features[i].type == element::text)
      return core::fail("input '" + columns[inputs[i]].name + "' is no string, as the model's feature '"
                        + m.features[i].name + "' is");
  }
  return {};
}

constexpr auto as_given = ", or say 'inputs_as_given: true'";

core::result<void> check_order(const model& of, const std::vector<input_meaning>& inputs) {
  const auto features = names_of(of.meaning().features);
  const auto is_feature = [&](const std::string& name) {
    return std::find(features.begin(), features.end(), name) != features.end();
  };
  std::vector<std::string> names;
  bool is_right = true;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& [name, encoded, categories] = inputs[i];
    const auto& means = is_feature(name) || encoded.empty() ? name : encoded;
    is_right = is_right && (means == features[i] || !is_feature(means));
    names.push_back(name);
  }
  if (is_right)
    return {};
  return core::fail("the inputs are in another order than the model's features: the inputs are [" + listed(names)
                        + "], the features [" + listed(features) + "]",
                    {}, std::string{"order them as the features are"} + as_given);
}

core::result<void> check_codes(const model& of, const std::vector<input_meaning>& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& encoders = of.meaning().encoders;
    const auto encoder = std::ranges::find(encoders, of.meaning().features[i].name, &ordinal_encoder::feature);
    const auto& [name, encoded, categories] = inputs[i];
    if (encoder == encoders.end() || encoded.empty() || categories == encoder->categories)
      continue;
    const auto& learned = encoder->categories;
    const auto differs = std::ranges::mismatch(categories, learned).in2;
    const auto what = differs == learned.end() ? "input '" + name + "' has codes that the model did not learn, from "
                                                     + std::to_string(learned.size()) + " on"
                                               : "code " + std::to_string(differs - learned.begin()) + " of input '"
                                                     + name + "' is not '" + *differs + "', as the model learned it";
    return core::fail(what, {},
                      "take the categories that 'weir train' printed, in their order" + std::string{as_given});
  }
  return {};
}

} // namespace

core::result<void> check_meaning(const model& of, const std::vector<input_meaning>& inputs) {
  if (!of.meaning().has_names || of.meaning().features.size() != inputs.size())
    return {};
  return check_order(of, inputs).and_then([&] { return check_codes(of, inputs); });
}

core::result<scorer_ptr> scorer::make(model_ptr scores_with, core::layout& columns, std::vector<core::column_id> inputs,
                                      const scored_columns& names) {
  if (auto good = check_inputs(scores_with->meaning(), columns, inputs); !good)
    return tl::unexpected{good.error()};
  std::shared_ptr<scorer> made{new scorer{std::move(scores_with)}};
  // a multiple of 16 rows, so that the column behind one of truth values begins where its values may
  made->block_rows_ = std::max<std::size_t>(16, std::min(most_rows, made->model_->block_rows()) / 16 * 16);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    made->inputs_.push_back(
        {inputs[i], columns[inputs[i]].name, made->model_->meaning().features[i].type,
         made->model_->meaning().fills(i) && can_be_missing(made->model_->meaning().features[i].type)});
  // what is wrong must not leave columns behind
  auto with_outputs = columns;
  auto good = made->add_prediction(with_outputs, names)
                  .and_then([&] { return made->add_probabilities(with_outputs, names); })
                  .and_then([&] { return made->add_explanations(with_outputs, names); });
  if (!good)
    return tl::unexpected{good.error()};
  if (!names.version_as.empty())
    made->version_as_ = with_outputs.add({.name = names.version_as, .type = column_type::string});
  columns = std::move(with_outputs);
  return made;
}

core::result<void> scorer::add_prediction(core::layout& columns, const scored_columns& names) {
  const auto& made = model_->prediction();
  if (names.as.size() != made.columns)
    return core::fail("the model predicts " + std::to_string(made.columns) + " values, not "
                          + std::to_string(names.as.size()),
                      {}, "name a column for each in 'as'");
  const auto first = model_->first_column(model_->meaning().prediction);
  for (std::size_t i = 0; i < made.columns; ++i)
    outputs_.push_back(
        {columns.add({.name = names.as[i], .type = type_of(made.type)}), type_of(made.type), first + i, made.type});
  return {};
}

core::result<void> scorer::add_probabilities(core::layout& columns, const scored_columns& names) {
  if (names.probability.empty() && names.probabilities.empty() && !names.threshold)
    return {};
  const auto& at = model_->meaning().probabilities;
  if (!at && !model_->is_classifier())
    return core::fail("a regressor has no probability", {}, "remove 'probability'");
  if (!at)
    return core::fail("the model says no probabilities of its classes", {}, "export them with the model");
  const auto& made = model_->meaning().outputs[*at];
  const auto first = model_->first_column(*at);
  const auto labels = class_names(*made.labels);
  const auto add = [&](const std::string& name, std::size_t label) {
    outputs_.push_back(
        {columns.add({.name = name, .type = column_type::float64}), column_type::float64, first + label, made.type});
  };
  for (const auto& [label, name] : names.probabilities) {
    const auto known = std::find(labels.begin(), labels.end(), label);
    if (known == labels.end())
      return core::fail("the model has no class '" + label + "'", {}, "its classes: " + listed(labels));
    add(name, static_cast<std::size_t>(known - labels.begin()));
  }
  if (!names.probability.empty() && labels.size() == 2)
    add(names.probability, 1);
  else if (!names.probability.empty())
    chosen_probability_ = columns.add({.name = names.probability, .type = column_type::float64});
  if (names.threshold && labels.size() != 2)
    return core::fail("a threshold chooses between two classes, not " + std::to_string(labels.size()));
  threshold_ = names.threshold;
  return {};
}

core::result<void> scorer::add_explanations(core::layout& columns, const scored_columns& names) {
  if (!names.explains())
    return {};
  const auto& meaning = model_->meaning();
  if (!meaning.explanations)
    return core::fail("the model was loaded without explanations");
  if (!can_be_explained(*model_))
    return core::fail("a model of several targets cannot be explained");
  const auto features = names_of(meaning.features);
  const auto add = [&](const std::string& name, std::optional<std::size_t> feature) {
    explained_.push_back({columns.add({.name = name, .type = column_type::float64}), feature});
  };
  for (const auto& [feature, name] : names.explain) {
    // where the file names no features, those of the columns count
    auto known = std::ranges::find(features, feature);
    const auto at = std::ranges::find(inputs_, feature, &input::name);
    if (known == features.end() && at != inputs_.end())
      known = features.begin() + (at - inputs_.begin());
    if (known == features.end())
      return core::fail("the model has no feature '" + feature + "'", {}, "its features: " + listed(features));
    add(name, static_cast<std::size_t>(known - features.begin()));
  }
  if (!names.expected_value.empty())
    add(names.expected_value, std::nullopt);
  return {};
}

std::vector<core::column_id> scorer::columns_made() const {
  std::vector<core::column_id> ids;
  for (const auto& out : outputs_)
    ids.push_back(out.id);
  for (const auto& one : explained_)
    ids.push_back(one.id);
  if (chosen_probability_)
    ids.push_back(*chosen_probability_);
  if (version_as_)
    ids.push_back(*version_as_);
  return ids;
}

void scorer::run(core::batch& b) const {
  reject_missing(b);
  const auto rows = rows_of(b.at(inputs_.front().id));
  std::vector<std::shared_ptr<column>> made;
  for (const auto& out : outputs_) {
    made.push_back(make_column(out.type, rows));
    // labels point into the model
    made.back()->arena = {model_, &model_->version()};
  }
  std::vector<std::shared_ptr<column>> why;
  for (std::size_t i = 0; i < explained_.size(); ++i)
    why.push_back(make_column(column_type::float64, rows));
  const auto chosen = chosen_probability_ ? make_column(column_type::float64, rows) : nullptr;

  thread_local std::vector<std::byte> gathered;
  thread_local std::vector<const void*> features;
  thread_local std::vector<const void*> results;
  if (gathered.size() < inputs_.size() * block_rows_ * gathered_bytes)
    gathered.resize(inputs_.size() * block_rows_ * gathered_bytes);
  features.resize(inputs_.size());
  results.resize(model_->columns());
  const auto& refusals = model_->meaning().refusals;
  std::vector<std::pair<row_index, std::size_t>> refused;
  for (std::size_t begin = 0; begin < b.rows.size(); begin += block_rows_) {
    const auto count = std::min(block_rows_, b.rows.size() - begin);
    const auto* at = b.rows.data() + begin;
    gather(b, at, count, gathered.data(), features.data());
    model_->predict(features.data(), count, results.data());
    for (std::size_t i = 0; i < outputs_.size(); ++i)
      scatter(results[outputs_[i].from], outputs_[i].is, at, count, *made[i]);
    if (threshold_)
      choose(at, count, results.data(), *made.front());
    if (chosen)
      show_chosen(at, count, results.data(), *chosen);
    explain(at, count, results.data(), why);
    for (std::size_t i = 0; i < refusals.size(); ++i) {
      const auto* is_refused = static_cast<const bool*>(results[results.size() - refusals.size() + i]);
      for (std::size_t r = 0; r < count; ++r)
        if (is_refused[r])
          refused.emplace_back(at[r], i);
    }
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    set_column(b, outputs_[i].id, made[i]);
  for (std::size_t i = 0; i < explained_.size(); ++i)
    set_column(b, explained_[i].id, why[i]);
  if (chosen)
    set_column(b, *chosen_probability_, chosen);
  name_version(b, rows);
  reject(b, refused);
}

/// Of two classes the second from the threshold on.
void scorer::choose(const row_index* rows, std::size_t count, const void* const* made, column& label) const {
  const auto& meaning = model_->meaning();
  const auto at = *meaning.probabilities;
  const auto* second = made[model_->first_column(at) + 1];
  std::visit(
      [&]<class T>(const std::vector<T>& labels) {
        for (std::size_t i = 0; i < count; ++i) {
          const auto& one = labels[number_at(second, meaning.outputs[at].type, i) >= *threshold_ ? 1 : 0];
          if constexpr (std::is_same_v<T, std::string>)
            label.text[rows[i]] = one;
          else
            label.i64[rows[i]] = one;
        }
      },
      *meaning.outputs[at].labels);
}

void scorer::explain(const row_index* rows, std::size_t count, const void* const* made,
                     const std::vector<std::shared_ptr<column>>& into) const {
  if (explained_.empty())
    return;
  const auto& meaning = model_->meaning();
  const auto features = meaning.features.size();
  const auto* const* values = made + model_->first_column(*meaning.explanations);
  for (std::size_t i = 0; i < count; ++i) {
    const auto which =
        explained_class(*model_, [&](std::size_t at, element type) { return number_at(made[at], type, i); });
    for (std::size_t c = 0; c < explained_.size(); ++c)
      into[c]->f64[rows[i]] = explained_[c].feature
                                  ? static_cast<const double*>(values[which * features + *explained_[c].feature])[i]
                                  : meaning.expected[which];
  }
}

/// The largest probability is that of the class that was chosen.
void scorer::show_chosen(const row_index* rows, std::size_t count, const void* const* made, column& into) const {
  const auto& meaning = model_->meaning();
  const auto& of = meaning.outputs[*meaning.probabilities];
  const auto first = model_->first_column(*meaning.probabilities);
  for (std::size_t i = 0; i < count; ++i) {
    auto most = number_at(made[first], of.type, i);
    for (std::size_t k = 1; k < of.columns; ++k)
      most = std::max(most, number_at(made[first + k], of.type, i));
    into.f64[rows[i]] = most;
  }
}

/// Each row for the first of its reasons.
void scorer::reject(core::batch& b, std::vector<std::pair<row_index, std::size_t>>& refused) const {
  if (refused.empty())
    return;
  std::sort(refused.begin(), refused.end());
  refused.erase(
      std::unique(refused.begin(), refused.end(), [](const auto& x, const auto& y) { return x.first == y.first; }),
      refused.end());
  for (const auto& [row, reason] : refused)
    b.rejected.push_back({row, core::stage::infer, model_->meaning().refusals[reason]});
  std::erase_if(b.rows, [&](row_index row) {
    return std::ranges::binary_search(refused, row, {}, &std::pair<row_index, std::size_t>::first);
  });
}

void scorer::name_version(core::batch& b, std::size_t rows) const {
  if (!version_as_)
    return;
  auto made = std::make_shared<column>();
  made->type = column_type::string;
  made->arena = {model_, &model_->version()};
  made->text.assign(rows, model_->version());
  set_column(b, *version_as_, std::move(made));
}

void scorer::reject_missing(core::batch& b) const {
  for (const auto& in : inputs_) {
    const auto& values = b.at(in.id);
    if (values.null.empty() || in.is_filled)
      continue;
    std::erase_if(b.rows, [&](row_index row) {
      if (!values.is_null(row))
        return false;
      b.rejected.push_back({row, core::stage::infer, "input '" + in.name + "' is null"});
      return true;
    });
  }
}

void scorer::gather(const core::batch& b, const row_index* rows, std::size_t count, std::byte* into,
                    const void** features) const {
  for (const auto& in : inputs_) {
    const auto& from = b.at(in.id);
    switch (in.type) {
    case element::f32: gather_numbers<float>(from, rows, count, into); break;
    case element::f64: gather_numbers<double>(from, rows, count, into); break;
    case element::i64: gather_numbers<std::int64_t>(from, rows, count, into); break;
    case element::boolean: gather_numbers<bool>(from, rows, count, into); break;
    case element::text: gather_values<std::string_view>(from.text.data(), rows, count, into); break;
    }
    if (in.is_filled)
      mark_missing(from, in.type, rows, count, into);
    *features++ = into;
    into += block_rows_ * size_of(in.type);
  }
}

} // namespace weir::models
