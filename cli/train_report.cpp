#include "cli/train_report.hpp"

#include "cli/measures.hpp"
#include "cli/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace weir::cli {

namespace {

template <class Range, class Write>
std::string listed(const Range& range, const Write& write) {
  std::string out;
  for (const auto& item : range)
    out += (out.empty() ? "" : ", ") + write(item);
  return out;
}

void write_test(const train_report& report, io::json_document& out) {
  out.key("test");
  if (report.regression)
    write_measures(report.regression->measures(), out);
  else if (report.classification)
    write_measures(report.classification->measures(), out);
  else
    out.null();
}

void write(const promotion& decided, io::json_document& out) {
  out.key("promotion").begin_object().member("promoted", decided.promotes).member("why", decided.why);
  for (const auto& [name, value] : decided.figures)
    write_number(name, value, out);
  out.end_object();
}

std::string text_of(const models::option_texts& options) {
  return listed(options, [](const auto& option) { return option.first + "=" + option.second; });
}

/// The best first; of very many the first ones.
void print_trials(const train_report& report) {
  constexpr std::size_t most = 20;
  std::vector<std::vector<std::string>> rows{{std::string{title_of(report.score)}, "+-", "options"}};
  for (std::size_t i = 0; i < std::min(most, report.trials.size()); ++i) {
    const auto& one = report.trials[i];
    rows.push_back({shown(one.score), one.scores.size() > 1 ? shown(one.deviation) : "-", text_of(one.options)});
  }
  std::printf("trials    %zu, on %zu %s each, the best first\n", report.trials.size(),
              report.trials.front().scores.size(), report.trials.front().scores.size() == 1 ? "part" : "folds");
  print_columns(rows, "          ");
  if (report.trials.size() > most)
    std::printf("          and %zu more: -o json\n", report.trials.size() - most);
}

void write_trials(const train_report& report, io::json_document& out) {
  out.member("score", report.score).key("trials").begin_array();
  for (const auto& one : report.trials) {
    out.begin_object().key("options").begin_object();
    for (const auto& [name, value] : one.options)
      out.member(name, value);
    out.end_object();
    write_number("score", one.score, out);
    write_number("deviation", one.deviation, out);
    out.key("scores").begin_array();
    for (const auto score : one.scores)
      std::isfinite(score) ? out.value(score) : out.null();
    out.end_array().end_object();
  }
  out.end_array();
}

} // namespace

void print_table(const train_options& options, const train_report& report) {
  std::printf("rows      %zu to learn from, %zu to test with", report.train_rows, report.test_rows);
  if (report.held_rows > 0)
    std::printf(", %zu held back", report.held_rows);
  if (report.dropped_rows > 0)
    std::printf(", %llu dropped for a missing value", static_cast<unsigned long long>(report.dropped_rows));
  if (report.filtered_rows > 0)
    std::printf(", %llu filtered", static_cast<unsigned long long>(report.filtered_rows));
  if (report.refused_rows > 0)
    std::printf(", %llu refused", static_cast<unsigned long long>(report.refused_rows));
  const auto parts = listed(report.parts, [](const models::trained_model::part& p) {
    return std::to_string(p.count) + " " + std::string{p.of};
  });
  std::printf("\nmodel     %s, in %.2f s\n", parts.c_str(), report.seconds);
  if (const auto& test = report.regression)
    std::printf("test      R2 %.4f  MAE %.6g  RMSE %.6g\n", test->r2, test->mae, test->rmse);
  if (const auto& test = report.classification)
    std::printf(std::isnan(test->log_loss) ? "test      accuracy %.4f  F1 %.4f\n"
                                           : "test      accuracy %.4f  F1 %.4f  ROC AUC %.4f  log loss %.6g\n",
                test->accuracy, test->macro_f1(), test->roc_auc, test->log_loss);
  if (!report.trials.empty())
    print_trials(report);
  std::printf("features  %s\n", listed(report.features, [](const auto& name) { return name; }).c_str());
  for (const auto& encoder : report.encoders)
    std::printf("text      %s: %zu categories\n", encoder.feature.c_str(), encoder.categories.size());
  if (!options.out.empty())
    std::printf("wrote     %s\n", options.out.c_str());
  if (const auto& added = report.registered)
    std::printf("added     %s%s%s%s\n", added->version.c_str(), added->is_new ? "" : ", which is there already",
                added->alias ? ", now " : "", added->alias ? options.to.alias.c_str() : "");
  if (const auto& decided = report.decided)
    std::printf("rule      %s: %s\n", decided->promotes ? "is true" : "is not true", decided->why.c_str());
  if (!options.holdout.empty())
    std::printf("wrote     %s, the rows %s\n", options.holdout.c_str(),
                report.held_rows > 0 ? "held back" : "to test with");
}

void print_json(const train_options& options, const train_report& report) {
  io::json_document out;
  out.begin_object().member("model", options.model);
  if (!options.out.empty())
    out.member("out", options.out);
  if (report.registered)
    out.member("registered", report.registered->version);
  if (report.decided)
    write(*report.decided, out);
  out.key("rows")
      .begin_object()
      .member("train", report.train_rows)
      .member("test", report.test_rows)
      .member("held", report.held_rows)
      .member("dropped", report.dropped_rows)
      .member("filtered", report.filtered_rows)
      .member("refused", report.refused_rows)
      .end_object();
  out.key("parts").begin_object();
  for (const auto& part : report.parts)
    out.member(part.of, part.count);
  out.end_object().member("seconds", report.seconds).member("features", report.features);
  out.key("encoders").begin_object();
  for (const auto& encoder : report.encoders)
    out.member(encoder.feature, encoder.categories);
  out.end_object();
  if (!report.importances.empty()) {
    out.key("importances").begin_object();
    for (std::size_t f = 0; f < report.features.size(); ++f)
      out.member(report.features[f], report.importances[f]);
    out.end_object();
  }
  write_test(report, out);
  if (!report.trials.empty())
    write_trials(report, out);
  std::printf("%s", out.end_object().pretty_text().c_str());
}

} // namespace weir::cli
