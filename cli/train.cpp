#include "cli/train.hpp"

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "models/file_bytes.hpp"
#include "models/model.hpp"
#include "models/onnx/reader.hpp"
#include "models/row_block.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

namespace weir::cli {

namespace {

using core::fail;

core::result<void> write_file(const std::string& path, const std::string& bytes) {
  auto file = output::open(path);
  if (!file)
    return tl::unexpected{file.error()};
  file->write(bytes);
  return file->finish();
}

models::training_data pick(const models::training_data& from, const std::vector<std::size_t>& rows) {
  models::training_data made{{}, {}, from.feature_names, from.encoders, {}, from.labels};
  for (const auto& feature : from.features) {
    auto& values = made.features.emplace_back();
    for (const auto row : rows)
      values.push_back(feature[row]);
  }
  for (const auto row : rows)
    made.target.push_back(from.target[row]);
  return made;
}

/// What a model says of some rows.
struct predictions {
  std::vector<double> values;                     ///< of a regressor
  std::vector<std::vector<double>> probabilities; ///< of a classifier, by class
};

/// A text again where the model encodes it.
void set(models::row_block& block, std::size_t feature, const models::training_data& data, std::size_t row) {
  const auto value = data.features[feature][row];
  const auto encoder = std::ranges::find(data.encoders, data.feature_names[feature], &models::ordinal_encoder::feature);
  if (encoder == data.encoders.end())
    block.set(feature, value);
  else
    block.set(feature, std::string_view{encoder->categories[static_cast<std::size_t>(value)]});
}

predictions predict(const models::model& model, const models::training_data& data) {
  predictions made;
  const auto& meaning = model.meaning();
  const auto at = meaning.probabilities.value_or(meaning.prediction);
  const auto& output = meaning.outputs[at];
  if (meaning.probabilities)
    made.probabilities.resize(output.columns);
  models::row_block block{model};
  for (std::size_t row = 0; row < data.rows(); ++row) {
    for (std::size_t f = 0; f < data.features.size(); ++f)
      set(block, f, data, row);
    block.add_row();
    if (!block.is_full() && row + 1 < data.rows())
      continue;
    const auto& columns = block.predict();
    const auto first = model.first_column(at);
    for (std::size_t k = 0; k < output.columns; ++k)
      for (std::size_t r = 0; r < block.rows(); ++r)
        (meaning.probabilities ? made.probabilities[k] : made.values)
            .push_back(models::number_at(columns[first + k], output.type, r));
    block.clear();
  }
  return made;
}

void measure(const models::model& model, const models::training_data& test, train_report& into) {
  const auto made = predict(model, test);
  if (test.labels == nullptr) {
    into.regression = models::evaluate(test.target, made.values);
    return;
  }
  std::vector<std::size_t> truth(test.rows()), predicted(test.rows());
  for (std::size_t i = 0; i < test.rows(); ++i) {
    truth[i] = static_cast<std::size_t>(test.target[i]);
    for (std::size_t k = 1; k < made.probabilities.size(); ++k)
      if (made.probabilities[k][i] > made.probabilities[predicted[i]][i])
        predicted[i] = k;
  }
  into.classification = models::evaluate_classes(truth, predicted, made.probabilities.size(), made.probabilities);
}

template <class Range, class Write>
std::string listed(const Range& range, const Write& write) {
  std::string out;
  for (const auto& item : range)
    out += (out.empty() ? "" : ", ") + write(item);
  return out;
}

/// As a person reads it.
void print(const train_options& options, const train_report& report) {
  std::printf("rows      %zu to learn from, %zu to test with", report.train_rows, report.test_rows);
  if (report.dropped_rows > 0)
    std::printf(", %llu dropped for a missing value", static_cast<unsigned long long>(report.dropped_rows));
  const auto parts = listed(report.parts, [](const models::trained_model::part& p) {
    return std::to_string(p.count) + " " + std::string{p.of};
  });
  std::printf("\nmodel     %s, in %.2f s\n", parts.c_str(), report.seconds);
  if (const auto& test = report.regression)
    std::printf("test      R2 %.4f  MAE %.6g  RMSE %.6g\n", test->r2, test->mae, test->rmse);
  if (const auto& test = report.classification)
    std::printf("test      accuracy %.4f  F1 %.4f  ROC AUC %.4f  log loss %.6g\n", test->accuracy, test->macro_f1(),
                test->roc_auc, test->log_loss);
  std::printf("features  %s\n", listed(options.columns.features, [](const auto& name) { return name; }).c_str());
  for (const auto& encoder : report.encoders)
    std::printf("text      %s: %zu categories\n", encoder.feature.c_str(), encoder.categories.size());
  std::printf("wrote     %s\n", options.out.c_str());
}

} // namespace

core::result<train_report> train(const train_options& options) {
  const auto kind = models::find_trained_kind(options.model);
  if (!kind)
    return tl::unexpected{kind.error()};
  std::error_code is_not_there;
  if (std::filesystem::equivalent(options.path, options.out, is_not_there))
    return fail("the model would be written over its training data, '" + options.out + "'", {}, "name another --out");
  const auto csv = models::read_file(options.path);
  if (!csv)
    return tl::unexpected{csv.error()};
  auto table = read_training_table(*csv, options.columns);
  if (!table) {
    table.error().where = options.path + (table.error().where.empty() ? "" : ", " + table.error().where);
    return tl::unexpected{std::move(table.error())};
  }
  const auto split = models::split_rows(table->data.rows(), options.test_size, options.random_state);
  train_report report;
  report.train_rows = split.train.size();
  report.test_rows = split.test.size();
  report.dropped_rows = table->dropped;
  report.encoders = table->data.encoders;

  const auto start = std::chrono::steady_clock::now();
  auto trained = (*kind)->train(pick(table->data, split.train), options.random_state, options.settings);
  if (!trained)
    return tl::unexpected{trained.error()};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.parts = std::move(trained->parts);
  if (auto written = write_file(options.out, trained->file); !written)
    return tl::unexpected{written.error()};
  if (split.test.empty())
    return report;
  return models::read_onnx(trained->file).map([&](const models::model_ptr& model) {
    measure(*model, pick(table->data, split.test), report);
    return std::move(report);
  });
}

namespace {

/// `n_estimators` as an option of the command line: `--n-estimators`.
std::string written(std::string_view name) {
  std::string text = "--" + std::string{name};
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

/// Those of all trainers; several may have one of the same name. What a trainer does not know it refuses.
void add_trainers_options(arguments& verb, models::option_texts& into) {
  for (const auto* kind : models::model_kinds())
    for (const auto& option : kind->options) {
      const auto name = written(option.name);
      if (verb.has(name))
        continue;
      const auto read = [&option, &into](const std::string& text) -> core::result<void> {
        if (!option.read(text, nullptr))
          return core::fail("must be a " + std::string{option.type});
        into[std::string{option.name}] = text;
        return {};
      };
      verb.option(name, read, capitalised(option.help)).with_default(option.usual());
    }
}

void declare(arguments verb) {
  const auto options = std::make_shared<train_options>();
  auto& columns = options->columns;
  verb.option("FILE", &options->path, "CSV file with a header").required();
  verb.option("--target", &columns.target, "Column to predict").required();
  verb.option("--features", &columns.features, "Columns to predict it from, in order").separated_by(',').required();
  verb.option("--encode", &columns.encode, "Those of them that hold text: each becomes the index of its value")
      .separated_by(',');
  verb.flag("--classify", columns.classify, "The target's values are the labels of classes");
  verb.option("--delimiter", &columns.delimiter, "Between the fields of a row").with_default();
  verb.option("--test-size", &options->test_size, "Share of the rows to test with").between(0.0, 0.99).with_default();
  verb.option(
          "--model",
          [options](const std::string& name) -> core::result<void> {
            const auto kind = models::find_trained_kind(name);
            if (!kind)
              return tl::unexpected{kind.error()};
            options->model = name;
            return {};
          },
          "Kind of model: `weir list models`")
      .with_default(options->model);
  add_trainers_options(verb, options->settings);
  verb.option("--random-state", &options->random_state, "The same seed makes the same model").with_default();
  verb.option("--out", &options->out, "ONNX file to write").required();
  verb.run([options] {
    if (const auto good = check(options->columns); !good)
      return report(good.error(), exit_code::usage);
    const auto report_of = train(*options);
    if (!report_of)
      return report(report_of.error());
    print(*options, *report_of);
    return exit_code::done;
  });
}

} // namespace

constexpr verb verbs::train{"train", "learn a model from a CSV file and write it as ONNX",
                            "weir train houses.csv --target price --features rooms,area --out price.onnx", declare};

} // namespace weir::cli
