#include "cli/eval_report.hpp"

#include "cli/measures.hpp"
#include "cli/text_columns.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>
#include <variant>

namespace weir::cli {

namespace {

using rows_of_text = std::vector<std::vector<std::string>>;

void print_titled(const std::string& title, const rows_of_text& rows) {
  std::printf("\n%s\n", title.c_str());
  print_columns(rows, "  ");
}

/// Why there is no area under a curve; empty: there is one.
std::string why_no_area(const models::classification_metrics& measured) {
  if (std::isfinite(measured.roc_auc))
    return {};
  const auto seen =
      std::count_if(measured.classes.begin(), measured.classes.end(), [](const auto& one) { return one.support > 0; });
  return seen < 2 ? "ROC AUC needs rows of two classes, and all of these are of one"
                  : "ROC AUC needs probabilities, and the model says none";
}

void print_measures(const judgement& judged) {
  rows_of_text rows;
  const auto measures = measures_of(judged.measured);
  for (std::size_t i = 0; i < measures.size(); ++i) {
    rows.push_back({std::string{title_of(measures[i].name)}, shown(measures[i].value)});
    if (!judged.intervals.empty())
      rows.back().push_back("95 % in " + shown(judged.intervals[i].low) + " .. " + shown(judged.intervals[i].high));
  }
  std::printf("\n");
  print_columns(rows, "");
  if (const auto* classes = std::get_if<models::classification_metrics>(&judged.measured))
    if (const auto why = why_no_area(*classes); !why.empty())
      std::printf("%s\n", why.c_str());
}

void print_classes(const models::classification_metrics& measured, const std::vector<std::string>& labels) {
  rows_of_text classes{{"class", "rows", "precision", "recall", "F1"}};
  rows_of_text confusion{{""}};
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const auto& one = measured.classes[k];
    classes.push_back({labels[k], std::to_string(one.support), shown(one.precision), shown(one.recall), shown(one.f1)});
    confusion.front().push_back(labels[k]);
    confusion.push_back({labels[k]});
    for (std::size_t other = 0; other < labels.size(); ++other)
      confusion.back().push_back(std::to_string(measured.confusion[k * labels.size() + other]));
  }
  print_titled("classes", classes);
  print_titled("confusion: a row for each true class, a column for each predicted one", confusion);
  rows_of_text calibration{{"predicted", "share", "rows"}};
  for (const auto& bin : measured.calibration)
    if (bin.count > 0)
      calibration.push_back({shown(bin.predicted), shown(bin.share), std::to_string(bin.count)});
  if (calibration.size() > 1)
    print_titled("calibration", calibration);
}

void print_slices(const judged_model& of) {
  const auto rows = rows_of_slices(of.judged, of.by);
  print_titled("slices by " + of.by, rows);
  if (of.judged.other_slices > 0)
    std::printf("  and %zu more\n", of.judged.other_slices);
}

/// `-` where the model's file does not say a feature's share.
std::string share_of(const judged_model& of, const std::string& feature) {
  const auto found = std::ranges::find(of.shares, feature, &std::pair<std::string, double>::first);
  return found == of.shares.end() ? "-" : shown(found->second);
}

void print_importances(const judged_model& of) {
  rows_of_text rows{{"feature", title_of_fall(*of.permuted), "deviation"}};
  if (!of.shares.empty())
    rows.front().emplace_back("share in the training");
  for (const auto& one : of.permuted->features) {
    rows.push_back({one.feature, shown(one.mean), shown(one.sd)});
    if (!of.shares.empty())
      rows.back().push_back(share_of(of, one.feature));
  }
  print_titled("importances: " + note_of(*of.permuted), rows);
}

void write_importances(const judged_model& of, io::json_document& out) {
  if (!of.shares.empty()) {
    out.key("importances").begin_object();
    for (const auto& [name, share] : of.shares)
      write_number(name, share, out);
    out.end_object();
  }
  if (!of.permuted)
    return;
  out.key("permutation_importances").begin_object().member("measure", of.permuted->measure);
  write_number("baseline", of.permuted->baseline, out);
  out.member("rows", of.permuted->rows).member("repeats", of.permuted->repeats).key("features").begin_object();
  for (const auto& one : of.permuted->features) {
    out.key(one.feature).begin_object();
    write_number("mean", one.mean, out);
    write_number("sd", one.sd, out);
    out.end_object();
  }
  out.end_object().end_object();
}

void write_intervals(const judgement& judged, io::json_document& out) {
  const auto measures = measures_of(judged.measured);
  out.key("intervals").begin_object();
  for (std::size_t i = 0; i < judged.intervals.size(); ++i) {
    out.key(measures[i].name).begin_object();
    write_number("low", judged.intervals[i].low, out);
    write_number("high", judged.intervals[i].high, out);
    out.end_object();
  }
  out.end_object();
}

/// Where values are predicted there are none.
void write_classes(const metrics& of, const std::vector<std::string>& labels, io::json_document& out) {
  const auto* measured = std::get_if<models::classification_metrics>(&of);
  if (measured == nullptr)
    return;
  out.key("classes").begin_array();
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const auto& one = measured->classes[k];
    out.begin_object().member("label", labels[k]).member("rows", one.support).member("precision", one.precision);
    out.member("recall", one.recall).member("f1", one.f1).end_object();
  }
  out.end_array().key("confusion").begin_array();
  for (std::size_t k = 0; k < labels.size(); ++k) {
    out.begin_array();
    for (std::size_t other = 0; other < labels.size(); ++other)
      out.value(measured->confusion[k * labels.size() + other]);
    out.end_array();
  }
  out.end_array().key("calibration").begin_array();
  for (const auto& bin : measured->calibration) {
    out.begin_object().member("rows", bin.count);
    write_number("predicted", bin.predicted, out);
    write_number("share", bin.share, out);
    out.end_object();
  }
  out.end_array();
}

void write_measured(const metrics& measured, const std::vector<std::string>& labels, io::json_document& out) {
  out.key("measures");
  write_measures(measures_of(measured), out);
  write_classes(measured, labels, out);
}

} // namespace

void print_table(const judged_model& of) {
  std::printf("model     %s\nrows      %zu judged", of.version.c_str(), of.rows.rows());
  if (of.rows.left_out.count() > 0)
    std::printf(", %llu left out", static_cast<unsigned long long>(of.rows.left_out.count()));
  std::printf("\n");
  print_measures(of.judged);
  if (const auto* measured = std::get_if<models::classification_metrics>(&of.judged.measured))
    print_classes(*measured, of.rows.labels);
  if (of.permuted)
    print_importances(of);
  if (!of.by.empty())
    print_slices(of);
}

void print_json(const judged_model& of) {
  io::json_document out;
  out.begin_object().member("model", of.version).member("data", of.data).member("target", of.target);
  out.member("rows", of.rows.rows()).member("left_out", of.rows.left_out.count());
  write_measured(of.judged.measured, of.rows.labels, out);
  if (!of.judged.intervals.empty())
    write_intervals(of.judged, out);
  write_importances(of, out);
  if (!of.by.empty()) {
    out.member("by", of.by).key("slices").begin_array();
    for (const auto& slice : of.judged.slices) {
      out.begin_object().member("value", slice.value).member("rows", slice.rows);
      write_measured(slice.measured, of.rows.labels, out);
      out.end_object();
    }
    out.end_array().member("other_slices", of.judged.other_slices);
  }
  std::printf("%s", out.end_object().pretty_text().c_str());
}

} // namespace weir::cli
