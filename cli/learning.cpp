#include "cli/learning.hpp"

#include "cli/model_card.hpp"
#include "cli/output.hpp"
#include "models/kinds/prepared_training.hpp"
#include "models/onnx/metadata.hpp"
#include "models/onnx/reader.hpp"
#include "models/row_block.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>
#include <variant>

namespace weir::cli {

namespace {

using core::fail;

/// What a model says of some rows.
struct predictions {
  std::vector<double> values;                     ///< of a regressor
  std::vector<std::vector<double>> probabilities; ///< of a classifier that says them, by class
  std::vector<std::size_t> classes;               ///< of one that says none: which of its labels
  std::vector<std::size_t> refused;               ///< rows without a result; what stands in these means nothing
};

const models::ordinal_encoder* encoder_of(const models::training_data& data, std::size_t feature) {
  const auto found = std::ranges::find(data.encoders, data.feature_names[feature], &models::ordinal_encoder::feature);
  return found == data.encoders.end() ? nullptr : &*found;
}

/// Sets the features of a model from the columns of rows.
class feature_setter {
public:
  static core::result<feature_setter> make(const models::model& of, const models::training_data& data) {
    feature_setter made{data};
    const auto& meaning = of.meaning();
    if (!meaning.has_names && meaning.features.size() != data.features.size())
      return fail("the model takes " + std::to_string(meaning.features.size()) + " features, not "
                  + std::to_string(data.features.size()));
    for (std::size_t f = 0; f < meaning.features.size(); ++f) {
      const auto& [name, type] = meaning.features[f];
      const auto column = meaning.has_names ? std::ranges::find(data.feature_names, name) - data.feature_names.begin()
                                            : static_cast<std::ptrdiff_t>(f);
      const auto at = static_cast<std::size_t>(column);
      if (at == data.features.size())
        return fail("the model takes '" + name + "', which is no feature here");
      const auto* encoder = encoder_of(data, at);
      if ((encoder != nullptr) != (type == models::element::text))
        return fail("the model takes " + std::string{encoder != nullptr ? "a number" : "a text"} + " as '" + name
                    + "', which is " + (encoder != nullptr ? "a text" : "a number") + " here");
      made.sources_.push_back({at, encoder, meaning.fills(f)});
    }
    return made;
  }

  /// False where a feature is missing that the model does not fill: it has no result for the row.
  bool set(std::size_t row, models::row_block& into) const {
    bool has_result = true;
    for (std::size_t f = 0; f < sources_.size(); ++f) {
      const auto value = data_->features[sources_[f].column][row];
      has_result = has_result && (sources_[f].is_filled || !std::isnan(value));
      if (sources_[f].encoder == nullptr)
        into.set(f, value);
      else if (std::isnan(value))
        into.set(f, std::string_view{});
      else
        into.set(f, std::string_view{sources_[f].encoder->categories[static_cast<std::size_t>(value)]});
    }
    return has_result;
  }

private:
  struct source {
    std::size_t column;
    const models::ordinal_encoder* encoder; ///< a text again, as the model encodes it; null: a number
    bool is_filled;                         ///< by the model, where it is missing
  };

  explicit feature_setter(const models::training_data& data) : data_{&data} {}

  const models::training_data* data_;
  std::vector<source> sources_;
};

/// Which of its labels a model says of a row.
std::size_t class_of(const void* column, const models::model_output& output, std::size_t row) {
  const auto place = [](const auto& labels, const auto& label) {
    return static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin());
  };
  if (output.type == models::element::text)
    return place(std::get<std::vector<std::string>>(*output.labels), static_cast<const std::string_view*>(column)[row]);
  return place(std::get<std::vector<std::int64_t>>(*output.labels), static_cast<const std::int64_t*>(column)[row]);
}

/// Takes what a model says of a block that begins with row `first`.
void take(const models::model& model, const std::vector<const void*>& columns, std::size_t first, std::size_t rows,
          predictions& into) {
  const auto& meaning = model.meaning();
  const auto at = meaning.probabilities.value_or(meaning.prediction);
  const auto& output = meaning.outputs[at];
  const auto column = model.first_column(at);
  const auto says_labels = model.is_classifier() && !meaning.probabilities && output.labels != nullptr;
  for (std::size_t r = 0; says_labels && r < rows; ++r)
    into.classes.push_back(class_of(columns[column], output, r));
  for (std::size_t k = 0; !says_labels && k < (meaning.probabilities ? output.columns : 1); ++k)
    for (std::size_t r = 0; r < rows; ++r)
      (meaning.probabilities ? into.probabilities[k] : into.values)
          .push_back(models::number_at(columns[column + k], output.type, r));
  const auto refusals = model.columns() - meaning.refusals.size();
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t i = 0; i < meaning.refusals.size(); ++i)
      if (static_cast<const bool*>(columns[refusals + i])[r]) {
        into.refused.push_back(first + r);
        break;
      }
}

core::result<predictions> predict(const models::model& model, const models::training_data& data) {
  const auto features = feature_setter::make(model, data);
  if (!features)
    return tl::unexpected{features.error()};
  predictions made;
  if (const auto at = model.meaning().probabilities)
    made.probabilities.resize(model.meaning().outputs[*at].columns);
  models::row_block block{model};
  std::vector<std::size_t> lacking;
  std::size_t first = 0;
  for (std::size_t row = 0; row < data.rows(); ++row) {
    if (!features->set(row, block))
      lacking.push_back(row);
    block.add_row();
    if (!block.is_full() && row + 1 < data.rows())
      continue;
    take(model, block.predict(), first, block.rows(), made);
    first = row + 1;
    block.clear();
  }
  const auto refused = made.refused.size();
  made.refused.insert(made.refused.end(), lacking.begin(), lacking.end());
  std::inplace_merge(made.refused.begin(), made.refused.begin() + static_cast<std::ptrdiff_t>(refused),
                     made.refused.end());
  made.refused.erase(std::unique(made.refused.begin(), made.refused.end()), made.refused.end());
  return made;
}

std::vector<std::string> texts_of(const models::class_labels& labels) {
  std::vector<std::string> texts;
  std::visit(
      [&](const auto& values) {
        for (const auto& value : values)
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
            texts.push_back(value);
          else
            texts.push_back(std::to_string(value));
      },
      labels);
  return texts;
}

/// Those of the rows first, then those that only the model knows.
struct common_labels {
  std::size_t count;
  std::vector<std::size_t> of_model; ///< by its classes
};

core::result<common_labels> common_labels_of(const models::model& model, const models::class_labels& of_rows) {
  const auto at = model.meaning().probabilities.value_or(model.meaning().prediction);
  const auto& of_model = model.meaning().outputs[at].labels;
  if (of_model == nullptr)
    return fail("the model does not say its classes");
  auto all = texts_of(of_rows);
  common_labels made{};
  for (const auto& label : texts_of(*of_model)) {
    const auto known = std::ranges::find(all, label) - all.begin();
    if (known == std::ssize(all))
      all.push_back(label);
    made.of_model.push_back(static_cast<std::size_t>(known));
  }
  made.count = all.size();
  return made;
}

models::classification_metrics measure_classes(const predictions& made, const common_labels& labels,
                                               const models::training_data& test,
                                               const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> truth, predicted;
  for (const auto row : rows)
    truth.push_back(static_cast<std::size_t>(test.target[row]));
  if (made.probabilities.empty()) {
    for (const auto row : rows)
      predicted.push_back(labels.of_model[made.classes[row]]);
    return models::evaluate_classes(truth, predicted, labels.count, {});
  }
  std::vector<std::vector<double>> probabilities(labels.count, std::vector<double>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::size_t best = 0;
    for (std::size_t k = 0; k < made.probabilities.size(); ++k) {
      probabilities[labels.of_model[k]][i] = made.probabilities[k][rows[i]];
      if (made.probabilities[k][rows[i]] > made.probabilities[best][rows[i]])
        best = k;
    }
    predicted.push_back(labels.of_model[best]);
  }
  return models::evaluate_classes(truth, predicted, labels.count, probabilities);
}

void note_measures(measured_model measured, train_report& into) {
  if (auto* values = std::get_if<models::regression_metrics>(&measured.measures))
    into.regression = *values;
  else
    into.classification = std::move(std::get<models::classification_metrics>(measured.measures));
}

} // namespace

bool is_constant(const std::vector<double>& values) {
  return !values.empty() && std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
}

models::training_data pick(const models::training_data& from, const std::vector<std::size_t>& rows) {
  models::training_data made{{}, {}, from.feature_names, from.encoders, {}, from.labels};
  for (const auto& feature : from.features) {
    auto& values = made.features.emplace_back();
    values.reserve(rows.size());
    for (const auto row : rows)
      values.push_back(feature[row]);
  }
  if (from.has_target())
    for (const auto row : rows)
      made.target.push_back(from.target[row]);
  if (!from.weights.empty())
    for (const auto row : rows)
      made.weights.push_back(from.weights[row]);
  return made;
}

core::result<measured_model> measure(const models::model& model, const models::training_data& test) {
  if (model.is_classifier() != (test.labels != nullptr))
    return fail(test.labels != nullptr ? "the model predicts numbers, and the target here are classes"
                                       : "the model predicts classes, and the target here are numbers");
  auto made = predict(model, test);
  if (!made)
    return tl::unexpected{made.error()};
  measured_model measured;
  for (std::size_t row = 0, next = 0; row < test.rows(); ++row)
    if (next < made->refused.size() && made->refused[next] == row)
      ++next;
    else
      measured.rows.push_back(row);
  if (measured.rows.empty())
    return fail("the model has no result for any of the rows");
  if (test.labels != nullptr) {
    const auto labels = common_labels_of(model, *test.labels);
    if (!labels)
      return tl::unexpected{labels.error()};
    measured.measures = measure_classes(*made, *labels, test, measured.rows);
    return measured;
  }
  std::vector<double> truth;
  for (const auto row : measured.rows) {
    truth.push_back(test.target[row]);
    measured.predicted.push_back(made->values[row]);
  }
  measured.measures = models::evaluate(truth, measured.predicted);
  return measured;
}

core::result<learned_model> learn(const train_options& options, const models::training_data& data,
                                  const models::row_split& split, std::uint64_t dropped, std::string_view data_digest) {
  return learn(options,
               {pick(data, split.train), pick(data, split.test), {}, split.held.size(), is_constant(data.target)},
               dropped, data_digest);
}

core::result<learned_model> learn(const train_options& options, const dealt_rows& rows, std::uint64_t dropped,
                                  std::string_view data_digest) {
  const auto kind = models::find_trained_kind(options.model);
  if (!kind)
    return tl::unexpected{kind.error()};
  learned_model made;
  auto& report = made.report;
  report.train_rows = rows.train.rows();
  report.test_rows = rows.test.rows();
  report.held_rows = rows.held;
  report.dropped_rows = dropped;
  report.features = rows.train.feature_names;
  report.encoders = rows.train.encoders;
  report.is_constant = rows.is_constant;

  const auto start = std::chrono::steady_clock::now();
  auto trained =
      models::train_prepared(**kind, rows.train, preparation_of(options), options.random_state, options.settings);
  if (!trained)
    return tl::unexpected{trained.error()};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.parts = std::move(trained->parts);
  report.importances = std::move(trained->importances);
  auto model = models::read_onnx(trained->file);
  if (!model)
    return tl::unexpected{model.error()};
  made.model = std::move(*model);
  std::vector<double> predicted;
  if (rows.test.rows() > 0 && rows.test.has_target()) {
    auto measured = measure(*made.model, rows.test);
    if (!measured)
      return tl::unexpected{measured.error()};
    predicted = std::move(measured->predicted);
    note_measures(std::move(*measured), report);
  }
  const auto card = model_card(options, report, rows.drawn ? *rows.drawn : rows.train, predicted, data_digest);
  made.file = models::with_metadata(trained->file, "card", card);
  return made;
}

core::result<void> deliver(const train_options& options, learned_model& learned) {
  if (!options.out.empty())
    if (auto written = write_file(options.out, learned.file); !written)
      return written;
  if (options.to.model.empty())
    return {};
  auto added = add_to_registry(learned.file, options.to);
  if (!added)
    return tl::unexpected{added.error()};
  learned.report.registered = std::move(*added);
  return {};
}

core::result<void> write_file(const std::string& path, const std::string& bytes) {
  auto file = output::open(path);
  if (!file)
    return tl::unexpected{file.error()};
  file->write(bytes);
  return file->finish();
}

} // namespace weir::cli
