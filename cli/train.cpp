#include "cli/train.hpp"

#include "cli/large_table.hpp"
#include "cli/learning.hpp"
#include "cli/train_report.hpp"
#include "cli/train_spec.hpp"
#include "cli/verbs.hpp"
#include "core/base/read_number.hpp"
#include "models/file_bytes.hpp"
#include "models/file_digest.hpp"
#include "models/trees/binned_features.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

namespace weir::cli {

namespace {

using core::fail;

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

core::error in_file(core::error error, const std::string& path) {
  error.where = path + (error.where.empty() ? "" : ", " + error.where);
  return error;
}

core::result<training_table> read_table(const models::model_kind& kind, const train_options& options,
                                        std::string_view csv) {
  return choose_features(csv, options.columns)
      .and_then([&](const training_columns& chosen) { return read_training_table(csv, columns_for(kind, chosen)); })
      .map_error([&](core::error error) { return in_file(std::move(error), options.path); });
}

bool is_large(const models::model_kind& kind, const train_options& options) {
  std::error_code is_not_there;
  return kind.takes_bins && options.columns.impute.empty() && options.columns.categories.empty()
         && std::filesystem::is_regular_file(options.path, is_not_there)
         && std::filesystem::file_size(options.path, is_not_there) >= options.large_from;
}

models::row_split split_of(const train_options& options, std::size_t rows) {
  return models::split_rows(rows, options.test_size, options.random_state, options.holdout_size);
}

/// The rows that are written beside the model.
const std::vector<std::size_t>& holdout_of(const models::row_split& split) {
  return split.held.empty() ? split.test : split.held;
}

core::result<train_report> train_table(const models::model_kind& kind, const train_options& options) {
  const auto csv = models::read_file(options.path);
  if (!csv)
    return tl::unexpected{csv.error()};
  const auto table = read_table(kind, options, *csv);
  if (!table)
    return tl::unexpected{table.error()};
  const auto split = split_of(options, table->data.rows());
  auto learned = learn(options, table->data, split, table->dropped, models::digest(*csv));
  if (!learned)
    return tl::unexpected{learned.error()};
  if (auto delivered = deliver(options, *learned); !delivered)
    return tl::unexpected{delivered.error()};
  if (!options.holdout.empty())
    if (auto written = write_holdout(*table, holdout_of(split), options.holdout); !written)
      return tl::unexpected{written.error()};
  return std::move(learned->report);
}

/// max_bins, which the trainer checks.
std::size_t bins_of(const train_options& options) {
  const auto given = options.settings.find("max_bins");
  const auto most = models::binned_features::max_bins;
  return given == options.settings.end() ? most : core::read_number<std::size_t>(given->second).value_or(most);
}

core::result<train_report> train_large(const models::model_kind& kind, const train_options& options) {
  const auto table = choose_features_of_file(options.path, options.columns).and_then([&](const auto& chosen) {
    return large_table::scan(options.path, columns_for(kind, chosen));
  });
  if (!table)
    return tl::unexpected{in_file(table.error(), options.path)};
  const auto split = split_of(options, table->rows());
  const auto rows = table->deal(split, bins_of(options));
  if (!rows)
    return tl::unexpected{rows.error()};
  const auto digest = models::digest_of_file(options.path);
  if (!digest)
    return tl::unexpected{digest.error()};
  auto learned = learn(options, *rows, table->dropped(), *digest);
  if (!learned)
    return tl::unexpected{learned.error()};
  if (auto delivered = deliver(options, *learned); !delivered)
    return tl::unexpected{delivered.error()};
  if (!options.holdout.empty())
    if (auto written = table->write_rows(holdout_of(split), options.holdout); !written)
      return tl::unexpected{written.error()};
  return std::move(learned->report);
}

} // namespace

core::result<void> check(const train_options& options) {
  const auto kind = models::find_trained_kind(options.model);
  if (!kind)
    return tl::unexpected{kind.error()};
  const auto learns = (*kind)->learns;
  if (options.columns.features.empty())
    return fail("a model learns from columns", {}, "name them: --features, or all of them: --features all");
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
  if (!options.columns.categories.empty() && !(*kind)->takes_categories)
    return fail("'" + options.model + "' takes no categories", {},
                "leave out --categories, or name a --model of trees");
  const auto is_transformed = options.transform != models::target_transform::none;
  if (is_transformed
      && (learns == models::learning::classes || learns == models::learning::unsupervised || options.columns.classify))
    return fail("a target is transformed where it is a number", {}, "leave out --target-transform");
  if (!options.columns.sample_weight.empty() && !(*kind)->takes_weights)
    return fail("'" + options.model + "' takes no weights of rows", {}, "leave out --sample-weight");
  return check(options.columns);
}

core::result<train_report> train(const train_options& options) {
  if (auto good = check(options).and_then([&] { return check_files(options); }); !good)
    return tl::unexpected{std::move(good.error())};
  const auto& kind = **models::find_trained_kind(options.model);
  return is_large(kind, options) ? train_large(kind, options) : train_table(kind, options);
}

namespace {

/// `n_estimators` as an option of the command line: `--n-estimators`.
std::string written(std::string_view name) {
  std::string text = "--" + std::string{name};
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

/// What an option is by default: one text, or one for each of the kinds that have it.
struct usual_values {
  std::string text;
  bool is_one = true;
};

usual_values usual_of(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> kinds_by_value; // in the order of the kinds
  for (const auto* kind : models::model_kinds())
    for (const auto& option : kind->options) {
      if (option.name != name)
        continue;
      const auto value = option.usual();
      auto known = std::ranges::find(kinds_by_value, value, &std::pair<std::string, std::string>::first);
      if (known == kinds_by_value.end())
        kinds_by_value.emplace_back(value, kind->name);
      else
        known->second += ", " + std::string{kind->name};
    }
  if (kinds_by_value.size() == 1)
    return {kinds_by_value.front().first};
  std::string text = "; default";
  for (const auto& [value, kinds] : kinds_by_value)
    text += (text.ends_with("default") ? " " : ", ") + (value.empty() ? "none" : value) + " (" + kinds + ")";
  return {text, false};
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
      if (const auto usual = usual_of(option.name); usual.is_one)
        verb.option(name, read, capitalised(option.help)).with_default(usual.text);
      else
        verb.option(name, read, capitalised(option.help) + usual.text);
    }
}

/// A training file says everything: an option beside it would say it twice.
core::result<void> check_alone(const train_options& given) {
  const train_options none;
  const auto& columns = given.columns;
  const bool has_more = !columns.target.empty() || !columns.features.empty() || !columns.encode.empty()
                        || columns.classify || !columns.sample_weight.empty() || !given.settings.empty()
                        || !columns.impute.empty() || !columns.categories.empty() || given.transform != none.transform
                        || !given.out.empty() || !given.to.model.empty() || !given.to.alias.empty()
                        || !given.to.note.empty() || !given.holdout.empty() || given.model != none.model
                        || given.test_size != none.test_size || given.holdout_size != none.holdout_size
                        || given.random_state != none.random_state;
  return has_more ? fail("a training file says everything itself", given.path,
                         "leave out all options but --once and --output")
                  : core::result<void>{};
}

void declare(arguments verb) {
  const auto options = std::make_shared<train_options>();
  const auto format = std::make_shared<std::string>("table");
  const auto drops_missing = std::make_shared<bool>(true);
  const auto once = std::make_shared<bool>(false);
  auto& columns = options->columns;
  verb.option("FILE", &options->path, "CSV file with a header; or a YAML file that says everything: docs/models.md")
      .required();
  verb.option("--target", &columns.target, "Column to predict; a kind that learns without one needs none");
  verb.option("--features", &columns.features, "Columns to predict it from, in order; all: every one of numbers")
      .separated_by(',');
  verb.option("--encode", &columns.encode, "Those of them that hold text: each becomes the index of its value")
      .separated_by(',');
  verb.option("--sample-weight", &columns.sample_weight,
              "Column that says how much a row counts when it is learned from; no feature, and no matter to measures");
  verb.option("--categories", &columns.categories,
              "Those of the features whose values have no order, texts that are encoded or numbers: trees split them "
              "into sets")
      .separated_by(',');
  verb.option(
      "--impute",
      [&columns](const std::string& text) {
        return models::read_imputations(text).map([&](auto&& read) { columns.impute = std::move(read); });
      },
      "What stands for a missing value, in place of dropping the row: mean, median, most_frequent or a number; of some "
      "features Age:median,Rooms:0");
  verb.option(
          "--target-transform",
          [options](const std::string& text) -> core::result<void> {
            const auto known = std::ranges::find(models::target_transform_words, text,
                                                 &std::pair<std::string_view, models::target_transform>::first);
            if (known == models::target_transform_words.end())
              return core::fail("must be none, log, log1p, sqrt or standardize");
            options->transform = known->second;
            return {};
          },
          "What is learned in place of the target: log, log1p, sqrt or standardize; predictions have its own scale")
      .with_default("none");
  verb.flag("--classify", columns.classify, "The target's values are the labels of classes");
  verb.flag("--drop-missing", *drops_missing, "Rows with a missing value are dropped and counted, but for --impute");
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
  verb.flag("--once", *once, "Of a YAML file with `every`, a single round");
  verb.option("-o,--output", format.get(), "table or json").one_of({"table", "json"}).with_default();
  verb.run([options, format, drops_missing, once] {
    if (*format == "json")
      show_no_excerpts();
    if (is_training_file(options->path)) {
      const auto alone = check_alone(*options);
      return alone ? run_training_file(options->path, *format, *once) : report(alone.error(), exit_code::usage);
    }
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

constexpr verb verbs::train{"train",
                            "learn a model from a CSV file, or as a YAML file says, as an ONNX file or in a registry",
                            "weir train houses.csv --target price --features rooms,area --out price.onnx", declare};

} // namespace weir::cli
