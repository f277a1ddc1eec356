#include "cli/train.hpp"

#include "cli/model_card.hpp"
#include "cli/output.hpp"
#include "cli/train_report.hpp"
#include "cli/verbs.hpp"
#include "models/file_bytes.hpp"
#include "models/file_digest.hpp"
#include "models/model.hpp"
#include "models/onnx/metadata.hpp"
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
  if (from.has_target())
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

/// Measures, and says what a regressor predicts.
std::vector<double> measure(const models::model& model, const models::training_data& test, train_report& into) {
  auto made = predict(model, test);
  if (test.labels == nullptr) {
    into.regression = models::evaluate(test.target, made.values);
    return std::move(made.values);
  }
  std::vector<std::size_t> truth(test.rows()), predicted(test.rows());
  for (std::size_t i = 0; i < test.rows(); ++i) {
    truth[i] = static_cast<std::size_t>(test.target[i]);
    for (std::size_t k = 1; k < made.probabilities.size(); ++k)
      if (made.probabilities[k][i] > made.probabilities[predicted[i]][i])
        predicted[i] = k;
  }
  into.classification = models::evaluate_classes(truth, predicted, made.probabilities.size(), made.probabilities);
  return {};
}

/// Of an unsupervised kind the target is only a column that `all` leaves out.
training_columns columns_for(const models::model_kind& kind, training_columns columns) {
  if (kind.learns == models::learning::unsupervised)
    columns.target.clear();
  else if (kind.learns == models::learning::classes)
    columns.classify = true;
  return columns;
}

core::result<void> check_files(const train_options& options) {
  std::error_code is_not_there;
  const auto is_same = [&](const std::string& a, const std::string& b) {
    return std::filesystem::equivalent(a, b, is_not_there);
  };
  if (!options.out.empty() && is_same(options.path, options.out))
    return fail("the model would be written over its training data, '" + options.out + "'", {}, "name another --out");
  if (!options.holdout.empty() && is_same(options.path, options.holdout))
    return fail("the rows held out would be written over the training data, '" + options.holdout + "'", {},
                "name another --holdout");
  if (!options.holdout.empty() && !options.out.empty() && std::filesystem::path{options.holdout} == options.out)
    return fail("--out and --holdout are one file, '" + options.out + "'");
  return {};
}

/// Some rows, as they stand in the file and in its order.
core::result<void> write_holdout(const training_table& table, std::vector<std::size_t> rows, const std::string& path) {
  std::sort(rows.begin(), rows.end());
  std::string text{table.header};
  for (const auto row : rows)
    text.append("\n").append(table.rows[row]);
  return write_file(path, text + "\n");
}

core::result<training_table> read_table(const models::model_kind& kind, const train_options& options,
                                        std::string_view csv) {
  auto table = choose_features(csv, options.columns).and_then([&](const training_columns& chosen) {
    return read_training_table(csv, columns_for(kind, chosen));
  });
  if (!table)
    table.error().where = options.path + (table.error().where.empty() ? "" : ", " + table.error().where);
  return table;
}

bool is_constant(const std::vector<double>& values) {
  return !values.empty() && std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
}

} // namespace

core::result<void> check(const train_options& options) {
  const auto kind = models::find_trained_kind(options.model);
  if (!kind)
    return tl::unexpected{kind.error()};
  const auto learns = (*kind)->learns;
  if (options.columns.target.empty() && learns != models::learning::unsupervised)
    return fail("'" + options.model + "' learns to predict a column", {}, "name it: --target");
  if (options.out.empty() && options.to.model.empty())
    return fail("a model goes to a file or into a registry", {}, "name one: --out, --register");
  if (options.to.model.empty() && !options.to.alias.empty())
    return fail("an alias is one of a model in a registry", {}, "name that: --register");
  if (!options.to.model.empty())
    if (auto good = check(options.to); !good)
      return good;
  if (options.test_size + options.holdout_size >= 1)
    return fail("--test-size and --holdout-size leave no rows to learn from");
  if (options.holdout_size > 0 && options.holdout.empty())
    return fail("rows that are held back go to a file", {}, "name it: --holdout");
  if (options.columns.classify && (learns == models::learning::values || learns == models::learning::unsupervised))
    return fail("'" + options.model + "' learns no classes", {}, "leave out --classify, or name another --model");
  return check(options.columns);
}

core::result<train_report> train(const train_options& options) {
  if (auto good = check(options).and_then([&] { return check_files(options); }); !good)
    return tl::unexpected{std::move(good.error())};
  const auto& kind = **models::find_trained_kind(options.model);
  const auto csv = models::read_file(options.path);
  if (!csv)
    return tl::unexpected{csv.error()};
  const auto table = read_table(kind, options, *csv);
  if (!table)
    return tl::unexpected{table.error()};
  const auto split =
      models::split_rows(table->data.rows(), options.test_size, options.random_state, options.holdout_size);
  train_report report;
  report.train_rows = split.train.size();
  report.test_rows = split.test.size();
  report.held_rows = split.held.size();
  report.dropped_rows = table->dropped;
  report.features = table->data.feature_names;
  report.encoders = table->data.encoders;
  report.is_constant = is_constant(table->data.target);

  const auto learned = pick(table->data, split.train);
  const auto start = std::chrono::steady_clock::now();
  auto trained = kind.train(learned, options.random_state, options.settings);
  if (!trained)
    return tl::unexpected{trained.error()};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.parts = std::move(trained->parts);
  report.importances = std::move(trained->importances);
  const auto model = models::read_onnx(trained->file);
  if (!model)
    return tl::unexpected{model.error()};
  std::vector<double> predicted;
  if (!split.test.empty() && table->data.has_target())
    predicted = measure(**model, pick(table->data, split.test), report);
  const auto card = model_card(options, report, learned, predicted, models::digest(*csv));
  const auto file = models::with_metadata(trained->file, "card", card);
  if (!options.out.empty())
    if (auto written = write_file(options.out, file); !written)
      return tl::unexpected{written.error()};
  if (!options.to.model.empty()) {
    auto added = add_to_registry(file, options.to);
    if (!added)
      return tl::unexpected{added.error()};
    report.registered = std::move(*added);
  }
  if (!options.holdout.empty())
    if (auto written = write_holdout(*table, split.held.empty() ? split.test : split.held, options.holdout); !written)
      return tl::unexpected{written.error()};
  return report;
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
  const auto format = std::make_shared<std::string>("table");
  const auto drops_missing = std::make_shared<bool>(true);
  auto& columns = options->columns;
  verb.option("FILE", &options->path, "CSV file with a header").required();
  verb.option("--target", &columns.target, "Column to predict; a kind that learns without one needs none");
  verb.option("--features", &columns.features, "Columns to predict it from, in order; all: every one of numbers")
      .separated_by(',')
      .required();
  verb.option("--encode", &columns.encode, "Those of them that hold text: each becomes the index of its value")
      .separated_by(',');
  verb.flag("--classify", columns.classify, "The target's values are the labels of classes");
  verb.flag("--drop-missing", *drops_missing, "Rows with a missing value are dropped and counted; they always are");
  verb.option("--delimiter", &columns.delimiter, "Between the fields of a row").with_default();
  verb.option("--test-size", &options->test_size, "Share of the rows to test with").between(0.0, 0.99).with_default();
  verb.option("--holdout-size", &options->holdout_size, "Share of the rows to hold back: they neither learn nor test")
      .between(0.0, 0.99)
      .with_default();
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
  verb.option("--out", &options->out, "ONNX file to write");
  verb.option("--register", &options->to.model, "REGISTRY/NAME that it becomes the next version of");
  verb.option("--alias", &options->to.alias, "Alias that this version gets there: champion");
  verb.option("--note", &options->to.note, "Why, for the audit log there");
  verb.option("--holdout", &options->holdout,
              "CSV file to write with the rows held back, as they stand; without --holdout-size those to test with");
  verb.option("-o,--output", format.get(), "table or json").one_of({"table", "json"}).with_default();
  verb.run([options, format, drops_missing] {
    if (const auto good = check(*options); !good)
      return report(good.error(), exit_code::usage);
    const auto report_of = train(*options);
    if (!report_of)
      return report(report_of.error());
    if (report_of->is_constant)
      say(tone::warning, "weir: warning: the target '" + options->columns.target + "' has one value alone in '"
                             + options->path + "': there is nothing to learn");
    if (*format == "json")
      print_json(*options, *report_of);
    else
      print_table(*options, *report_of);
    return exit_code::done;
  });
}

} // namespace

constexpr verb verbs::train{"train", "learn a model from a CSV file, as an ONNX file or in a registry",
                            "weir train houses.csv --target price --features rooms,area --out price.onnx", declare};

} // namespace weir::cli
