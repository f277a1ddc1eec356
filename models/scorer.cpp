#include "models/scorer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace weir::models {

namespace {

using core::column;
using core::column_type;
using core::row_index;

/// Rows that are gathered, scored and scattered at a time: their features stay in the second cache.
constexpr std::size_t block_rows = 1024;

std::size_t rows_of(const column& c) {
  switch (c.type) {
  case column_type::float64: return c.f64.size();
  case column_type::string: return c.text.size();
  default: return c.i64.size();
  }
}

column_type type_of(const model& m) {
  if (!m.is_classifier())
    return column_type::float64;
  return std::holds_alternative<std::vector<std::string>>(m.labels()) ? column_type::string : column_type::int64;
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

void set_column(core::batch& b, core::column_id id, core::column_ptr values) {
  if (b.columns.size() <= id)
    b.columns.resize(id + 1);
  b.columns[id] = std::move(values);
}

template <class Number>
void gather_column(const Number* from, const row_index* rows, std::size_t count, float* into) {
  for (std::size_t i = 0; i < count; ++i)
    into[i] = static_cast<float>(from[rows[i]]);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

core::result<void> check_inputs(const model& m, const core::layout& columns,
                                const std::vector<core::column_id>& inputs) {
  const auto features = listed(m.feature_names());
  if (inputs.size() != m.inputs())
    return core::fail("the model takes " + std::to_string(m.inputs()) + " inputs, not " + std::to_string(inputs.size()),
                      {}, features.empty() ? "name a column for each feature, in order" : "its features: " + features);
  if (inputs.empty())
    return core::fail("the model has no features");
  for (const auto id : inputs)
    if (columns[id].type == column_type::string)
      return core::fail("input '" + columns[id].name + "' is a string", {},
                        "make a number of it by an 'encode' step in 'preprocess'");
  return {};
}

constexpr auto as_given = ", or say 'inputs_as_given: true'";

core::result<void> check_order(const model& of, const std::vector<input_meaning>& inputs) {
  const auto& features = of.feature_names();
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
    const auto encoder = std::ranges::find(of.encoders(), of.feature_names()[i], &ordinal_encoder::feature);
    const auto& [name, encoded, categories] = inputs[i];
    if (encoder == of.encoders().end() || encoded.empty() || categories == encoder->categories)
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
  if (of.feature_names().size() != inputs.size())
    return {};
  return check_order(of, inputs).and_then([&] { return check_codes(of, inputs); });
}

core::result<scorer_ptr> scorer::make(model_ptr scores_with, core::layout& columns, std::vector<core::column_id> inputs,
                                      std::string as, std::string probability, std::string version_as) {
  if (auto good = check_inputs(*scores_with, columns, inputs); !good)
    return tl::unexpected{good.error()};
  if (!probability.empty() && !scores_with->is_classifier())
    return core::fail("a regressor has no probability", {}, "remove 'probability'");

  std::shared_ptr<scorer> made{new scorer{std::move(scores_with)}};
  for (const auto id : inputs)
    made->inputs_.push_back({id, columns[id].name});
  made->type_ = type_of(*made->model_);
  made->take_labels();
  made->as_ = columns.add({.name = std::move(as), .type = made->type_});
  if (!probability.empty())
    made->probability_ = columns.add({.name = std::move(probability), .type = column_type::float64});
  if (!version_as.empty())
    made->version_as_ = columns.add({.name = std::move(version_as), .type = column_type::string});
  return made;
}

void scorer::take_labels() {
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&model_->labels()))
    number_labels_ = *numbers;
  if (type_ != column_type::string)
    return;
  const auto& texts = std::get<std::vector<std::string>>(model_->labels());
  std::string all;
  for (const auto& text : texts)
    all += text;
  label_text_ = std::make_shared<const std::string>(std::move(all));
  for (std::size_t begin = 0; const auto& text : texts) {
    text_labels_.push_back(std::string_view{*label_text_}.substr(begin, text.size()));
    begin += text.size();
  }
}

void scorer::run(core::batch& b) const {
  reject_missing(b);
  const auto rows = rows_of(b.at(inputs_.front().id));
  const auto result = make_column(type_, rows);
  const auto probability = probability_ ? make_column(column_type::float64, rows) : nullptr;
  result->arena = label_text_;

  thread_local std::vector<float> features;
  if (features.size() < inputs_.size() * block_rows)
    features.resize(inputs_.size() * block_rows);
  std::array<double, block_rows> values;
  std::array<double, block_rows> probabilities;
  for (std::size_t begin = 0; begin < b.rows.size(); begin += block_rows) {
    const auto count = std::min(block_rows, b.rows.size() - begin);
    const auto* at = b.rows.data() + begin;
    gather(b, at, count, features.data());
    model_->predict(features.data(), block_rows, count, values.data(), probability ? probabilities.data() : nullptr);
    scatter(at, count, values.data(), *result);
    if (probability)
      for (std::size_t i = 0; i < count; ++i)
        probability->f64[at[i]] = probabilities[i];
  }
  set_column(b, as_, result);
  if (probability)
    set_column(b, *probability_, probability);
  name_version(b, rows);
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
    if (values.null.empty())
      continue;
    std::erase_if(b.rows, [&](row_index row) {
      if (!values.is_null(row))
        return false;
      b.rejected.push_back({row, core::stage::infer, "input '" + in.name + "' is null"});
      return true;
    });
  }
}

void scorer::gather(const core::batch& b, const row_index* rows, std::size_t count, float* into) const {
  for (const auto& in : inputs_) {
    const auto& from = b.at(in.id);
    if (from.type == column_type::float64)
      gather_column(from.f64.data(), rows, count, into);
    else
      gather_column(from.i64.data(), rows, count, into);
    into += block_rows;
  }
}

void scorer::scatter(const row_index* rows, std::size_t count, const double* values, column& into) const {
  switch (type_) {
  case column_type::float64:
    for (std::size_t i = 0; i < count; ++i)
      into.f64[rows[i]] = values[i];
    break;
  case column_type::string:
    for (std::size_t i = 0; i < count; ++i)
      into.text[rows[i]] = text_labels_[static_cast<std::size_t>(values[i])];
    break;
  default:
    for (std::size_t i = 0; i < count; ++i)
      into.i64[rows[i]] = number_labels_[static_cast<std::size_t>(values[i])];
  }
}

} // namespace weir::models
