#include "cli/alert_judgement.hpp"
#include "cli/eval_report.hpp"
#include "cli/output.hpp"
#include "cli/report/html_report.hpp"
#include "cli/report/partial_dependence.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace weir::cli {

namespace {

struct eval_options {
  scored_file file;
  std::string target;
  std::string by;
  std::uint64_t samples = 200;
  std::uint64_t random_state = 0;
  std::uint64_t permuted_rows = 1000; ///< at most; 0: no importances
  std::uint64_t repeats = 5;
  std::string format = "table";
  std::string html;   ///< file to write; empty: none
  std::string alerts; ///< log of alerts that is judged in place of a model; empty: none
};

core::result<void> write_html(const std::string& path, const std::string& page) {
  auto file = output::open(path);
  if (!file)
    return tl::unexpected{std::move(file.error())};
  file->write(page);
  return file->finish();
}

core::result<void> evaluate(const eval_options& options) {
  if (auto good = check_is_not_read(options.html, options.file, "--html"); !good)
    return good;
  auto scorer = row_scorer::open(options.file);
  if (!scorer)
    return tl::unexpected{std::move(scorer.error())};
  const auto sampled_rows = std::max<std::size_t>(options.permuted_rows, options.html.empty() ? 0 : dependence_rows);
  const judged_columns columns{options.target, options.by, sampled_rows, options.random_state};
  auto rows = judge_rows(*scorer, columns);
  if (!rows) {
    rows.error().where = options.file.data;
    return tl::unexpected{std::move(rows.error())};
  }
  rows->left_out.say_all(rows->read, "cannot be judged");
  const auto judged = judge_model(*rows, options.samples, options.random_state);
  const auto& model = scorer->model();
  judged_model whole{model.version(), options.file.data, options.target, options.by, options.samples, *rows, judged};
  if (options.permuted_rows > 0)
    whole.permuted = permute_features(model, *rows, options.permuted_rows, options.repeats, options.random_state);
  whole.shares = importances_of(model);
  if (!options.html.empty())
    if (auto good = write_html(options.html, html_report(whole, model, scorer->features())); !good)
      return good;
  if (options.format == "json")
    print_json(whole);
  else
    print_table(whole);
  return {};
}

core::result<void> evaluate_alerts(const eval_options& options) {
  const auto alerts = read_alert_log(options.alerts, labels_file_of(options.alerts));
  if (!alerts)
    return tl::unexpected{alerts.error()};
  const auto judged = judge_alerts(*alerts);
  if (judged.all.labelled() == 0)
    return core::fail("none of its " + std::to_string(alerts->size()) + " alerts has a label", options.alerts,
                      "say which were right with 'weir alerts label " + options.alerts + "'");
  options.format == "json" ? print_json(judged) : print_table(judged);
  return {};
}

exit_code run(const eval_options& options) {
  if (options.alerts.empty() && (options.file.model.empty() || options.file.data.empty() || options.target.empty()))
    return report({"MODEL, DATA and --target are required, or --alerts with a log", {}, "see weir eval --help"},
                  exit_code::usage);
  const auto done = options.alerts.empty() ? evaluate(options) : evaluate_alerts(options);
  return done ? exit_code::done : report(done.error());
}

void declare(arguments verb) {
  const auto options = std::make_shared<eval_options>();
  auto model = verb.option("MODEL", &options->file.model, "ONNX file, or REGISTRY/NAME@ALIAS");
  verb.option("DATA", &options->file.data, "CSV file with a header; -: standard input");
  verb.option("--target", &options->target, "Column with the truth");
  verb.option("--alerts", &options->alerts,
              "In place of a model: a log of alerts that 'weir alerts label' has labelled; how often they were right")
      .excludes(model);
  verb.option("--by", &options->by, "Column whose values slice the rows: each is judged apart");
  verb.option("--delimiter", &options->file.delimiter, "Between the fields of a row").with_default();
  verb.option("--inputs", &options->file.inputs, "Columns in the order of the model's features; default: their names")
      .separated_by(',');
  verb.option("--backend", &options->file.backend, "weir, or onnxruntime: a library that knows all operators of ONNX")
      .one_of(backend_words())
      .with_default();
  verb.option("--bootstrap", &options->samples, "Samples that the intervals come from; 0: no intervals").with_default();
  verb.option("--permutation-rows", &options->permuted_rows,
              "Rows, drawn at random, in which each feature is shuffled to see how much worse the model is; 0: none")
      .with_default();
  verb.option("--n-repeats", &options->repeats, "How often each feature is shuffled").between(1, 1000).with_default();
  verb.option("--random-state", &options->random_state, "The same seed draws the same samples").with_default();
  verb.option("-o,--output", &options->format, "table or json").one_of({"table", "json"}).with_default();
  verb.option("--html", &options->html, "HTML file to write: the same as a page, with pictures");
  verb.run([options] { return run(*options); });
}

} // namespace

constexpr verb verbs::eval{"eval", "judge a model by rows whose truth is known, or alerts by their labels",
                           "weir eval price.onnx houses.csv --target price --html price.html", declare};

} // namespace weir::cli
