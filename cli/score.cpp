#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/row_scorer.hpp"
#include "cli/verbs.hpp"
#include "core/base/number_text.hpp"
#include "models/class_names.hpp"
#include "models/explain/explained_class.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace weir::cli {

namespace {

using models::element;

struct score_options {
  scored_file file;
  std::string out; ///< a CSV file
  std::string as = "prediction";
};

/// A column that a row gets.
struct new_column {
  std::string name;
  std::size_t from; ///< of model::columns(); of SHAP values that of the first target or class
  element type;
  bool is_explanation = false; ///< of one of the targets or classes, that of explained_class()
  bool is_expected = false;    ///< what is expected of any row
};

constexpr auto expected_name = "expected_value";

/// `shap_NAME` of each feature, and what is expected of any row.
void add_explanations(const row_scorer& from, std::vector<new_column>& columns) {
  const auto& meaning = from.model().meaning();
  const auto first = from.model().first_column(*meaning.explanations);
  for (std::size_t f = 0; f < meaning.features.size(); ++f)
    columns.push_back({"shap_" + (meaning.has_names ? meaning.features[f].name : from.features().column(f)), first + f,
                       element::f64, true, false});
  columns.push_back({expected_name, first, element::f64, false, true});
}

std::vector<new_column> columns_of(const models::model& of, const std::string& as) {
  const auto& meaning = of.meaning();
  const auto& made = of.prediction();
  std::vector<new_column> columns;
  for (std::size_t i = 0; i < made.columns; ++i)
    columns.push_back(
        {made.columns == 1 ? as : as + "_" + std::to_string(i), of.first_column(meaning.prediction) + i, made.type});
  if (!meaning.probabilities)
    return columns;
  const auto& probabilities = meaning.outputs[*meaning.probabilities];
  const auto labels = models::class_names(probabilities);
  for (std::size_t k = 0; k < probabilities.columns; ++k)
    columns.push_back({"probability_" + labels[k], of.first_column(*meaning.probabilities) + k, probabilities.type});
  return columns;
}

core::result<void> check(const std::vector<new_column>& columns, const std::vector<std::string>& header) {
  for (const auto& column : columns)
    if (std::find(header.begin(), header.end(), column.name) != header.end()) {
      const auto is_named = !column.is_explanation && !column.is_expected;
      return core::fail("there is a column '" + column.name + "' already", {},
                        is_named ? "name the prediction: --as" : "rename that one");
    }
  return {};
}

double explanation(const row_scorer& from, const row_scorer::row& row, const new_column& column) {
  const auto& meaning = from.model().meaning();
  const auto which =
      models::explained_class(from.model(), [&](std::size_t at, element type) { return from.number(row, at, type); });
  return column.is_expected ? meaning.expected[which]
                            : from.number(row, column.from + which * meaning.features.size(), column.type);
}

void append_value(const row_scorer& from, const row_scorer::row& row, const new_column& column, char delimiter,
                  std::string& out) {
  if (column.type == element::text) {
    out += csv_field(from.text(row, column.from), delimiter);
    return;
  }
  char text[core::number_text_size];
  if (column.type == element::i64) {
    out.append(text, core::write_int64(from.whole(row, column.from), text));
    return;
  }
  const auto value = column.is_explanation || column.is_expected ? explanation(from, row, column)
                                                                 : from.number(row, column.from, column.type);
  if (column.type == element::boolean)
    out += value != 0 ? "true" : "false";
  else
    out.append(text, core::write_double(value, text));
}

/// The rows of a file with the columns of the predictions behind them.
class scored_rows {
public:
  scored_rows(row_scorer from, std::vector<new_column> columns, char delimiter) :
      from_{std::move(from)}, columns_{std::move(columns)}, delimiter_{delimiter} {}

  core::result<void> write_all(output& into) {
    progress line{"scored"};
    write_header(into);
    for (auto rows = from_.next(); !rows.empty(); rows = from_.next()) {
      for (const auto& row : rows)
        write(row, into);
      count_ += rows.size();
      line.update(count_);
    }
    if (from_.failure())
      return tl::unexpected{*from_.failure()};
    return into.finish();
  }

  void say_left_out() const { left_out_.say_all(count_, "have no prediction"); }

private:
  void write_header(output& into) {
    text_.clear();
    for (const auto& name : from_.header())
      text_ += (text_.empty() ? std::string{} : std::string{delimiter_}) + csv_field(name, delimiter_);
    for (const auto& column : columns_)
      text_ += delimiter_ + csv_field(column.name, delimiter_);
    into.write(text_ + '\n');
  }

  void write(const row_scorer::row& row, output& into) {
    text_ = row.text;
    if (!row.problem.empty()) {
      left_out_.add(row.line, row.problem);
      const auto missing = row.fields == 0 ? 0 : from_.header().size() - std::min(row.fields, from_.header().size());
      text_.append(missing + columns_.size(), delimiter_);
    } else {
      for (const auto& column : columns_) {
        text_ += delimiter_;
        append_value(from_, row, column, delimiter_, text_);
      }
    }
    text_ += '\n';
    into.write(text_);
  }

  row_scorer from_;
  std::vector<new_column> columns_;
  char delimiter_;
  std::string text_; ///< of the row at hand
  left_out_rows left_out_;
  std::uint64_t count_ = 0;
};

core::result<void> score(const score_options& options) {
  if (auto good = check_is_not_read(options.out, options.file, "--out"); !good)
    return good;
  auto scorer = row_scorer::open(options.file);
  if (!scorer)
    return tl::unexpected{std::move(scorer.error())};
  auto columns = columns_of(scorer->model(), options.as);
  if (options.file.explains && !models::can_be_explained(scorer->model()))
    return core::fail("a model of several targets cannot be explained", options.file.model);
  if (options.file.explains)
    add_explanations(*scorer, columns);
  if (auto good = check(columns, scorer->header()); !good)
    return good;
  auto out = output::open(options.out);
  if (!out)
    return tl::unexpected{std::move(out.error())};
  scored_rows rows{std::move(*scorer), std::move(columns), options.file.delimiter};
  const auto written = rows.write_all(*out);
  rows.say_left_out();
  return written;
}

void declare(arguments verb) {
  const auto options = std::make_shared<score_options>();
  verb.option("MODEL", &options->file.model, "ONNX file, or REGISTRY/NAME@ALIAS").required();
  verb.option("DATA", &options->file.data, "CSV file with a header; -: standard input").required();
  verb.option("--out", &options->out, "CSV file to write; -: standard output").required();
  verb.option("--delimiter", &options->file.delimiter, "Between the fields of a row").with_default();
  verb.option("--inputs", &options->file.inputs, "Columns in the order of the model's features; default: their names")
      .separated_by(',');
  verb.option("--backend", &options->file.backend, "weir, or onnxruntime: a library that knows all operators of ONNX")
      .one_of(backend_words())
      .with_default();
  verb.option("--as", &options->as, "Column of the prediction").with_default();
  verb.flag("--explain", options->file.explains,
            "Add shap_NAME of each feature, and expected_value: why a model of trees says what it says");
  verb.run([options] {
    const auto done = score(*options);
    return done ? exit_code::done : report(done.error());
  });
}

} // namespace

constexpr verb verbs::score{"score", "add a model's predictions to the rows of a CSV file",
                            "weir score price.onnx houses.csv --out priced.csv", declare};

} // namespace weir::cli
