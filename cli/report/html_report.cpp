#include "cli/report/html_report.hpp"

#include "cli/measures.hpp"
#include "cli/report/chart.hpp"
#include "cli/report/markup.hpp"
#include "cli/report/page.hpp"
#include "cli/report/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace weir::cli {

namespace {

constexpr std::size_t most_dependences = 6;
constexpr std::size_t most_importances = 20;

std::string heading(const judged_model& of) {
  auto note = "predicts " + of.target + "; " + std::to_string(of.rows.rows()) + " rows of " + of.data + " judged";
  if (of.rows.left_out.count() > 0)
    note += ", " + std::to_string(of.rows.left_out.count()) + " left out";
  return "<h1>" + escaped(of.version) + "</h1>\n<p class=\"note\">" + escaped(note) + "</p>\n";
}

std::string measures(const judged_model& of) {
  std::string cards = "<div class=\"cards\">\n";
  const auto all = measures_of(of.judged.measured);
  for (std::size_t i = 0; i < all.size(); ++i) {
    cards +=
        "<div class=\"card\"><span>" + escaped(title_of(all[i].name)) + "</span><b>" + shown(all[i].value) + "</b>";
    if (!of.judged.intervals.empty())
      cards += "<span>" + shown(of.judged.intervals[i].low) + " .. " + shown(of.judged.intervals[i].high) + "</span>";
    cards += "</div>\n";
  }
  const auto note = of.judged.intervals.empty() ? std::string{}
                                                : "Below each its 95 % interval, from " + std::to_string(of.samples)
                                                      + " samples of the rows (bootstrap).";
  return section("Measures", note, cards + "</div>\n");
}

std::string errors_of_values(const judged_rows& rows) {
  const std::vector<std::string> both{picture_of_predictions(rows), picture_of_residuals(rows)};
  return section("Errors", {}, figures(both));
}

std::string errors_of_classes(const models::classification_metrics& measured, const judged_rows& rows) {
  std::string out;
  if (!rows.probabilities.empty()) {
    const std::vector<std::string> pictures{picture_of_roc(rows), picture_of_precision_recall(rows),
                                            picture_of_calibration(measured.calibration)};
    const auto is_binary = rows.probabilities.size() == 2;
    out += section("Probabilities",
                   is_binary ? "Of the class " + rows.labels[1] + "."
                             : "Curves of each class against the rest; the calibration is that of the class predicted.",
                   figures(pictures));
  }
  out += section("Confusion", "A row for each true class, a column for each predicted one.",
                 confusion_table(measured, rows.labels));
  std::vector<std::vector<std::string>> classes{{"class", "rows", "precision", "recall", "F1"}};
  for (std::size_t k = 0; k < rows.labels.size(); ++k) {
    const auto& one = measured.classes[k];
    classes.push_back(
        {rows.labels[k], std::to_string(one.support), shown(one.precision), shown(one.recall), shown(one.f1)});
  }
  return out + section("Classes", {}, table(classes));
}

std::string bars_of(const std::string& caption, const std::vector<named_share>& bars) {
  return figure(caption, lying_bars("importances", bars));
}

std::string importances(const judged_model& of) {
  std::vector<named_share> shares, falls;
  for (const auto& [name, share] : of.shares)
    if (shares.size() < most_importances)
      shares.push_back({name, share});
  for (const auto& one : of.permuted ? of.permuted->features : std::vector<permuted_feature>{})
    if (falls.size() < most_importances && std::isfinite(one.mean))
      falls.push_back({one.feature, one.mean});
  std::vector<std::string> pictures;
  if (!shares.empty())
    pictures.push_back(bars_of("Share of what the features contribute", shares));
  if (!falls.empty())
    pictures.push_back(bars_of(title_of_fall(*of.permuted), falls));
  if (pictures.empty())
    return {};
  return section("Importances", falls.empty() ? std::string{} : note_of(*of.permuted), figures(pictures));
}

std::string dependences(const judged_rows& rows, const models::model& model, const feature_reader& features) {
  const auto chosen = features_to_show(model, features, most_dependences);
  const auto count = std::min(rows.sample.size(), dependence_rows);
  const std::vector sample(rows.sample.begin(), rows.sample.begin() + static_cast<std::ptrdiff_t>(count));
  const auto pictures = pictures_of_dependences(find_dependences(model, sample, chosen), rows.labels);
  if (pictures.empty())
    return {};
  const auto what = rows.labels.size() == 2 ? "the probability of the class " + rows.labels[1] : "what is predicted";
  return section("Partial dependence",
                 "The mean of " + what + " over " + std::to_string(count)
                     + " rows, when a feature has the same value in all of them. All have one scale.",
                 figures(pictures));
}

std::string slices(const judged_model& of) {
  if (of.by.empty())
    return {};
  const auto rows = rows_of_slices(of.judged, of.by);
  const auto note =
      of.judged.other_slices > 0 ? std::to_string(of.judged.other_slices) + " smaller ones are not shown." : "";
  return section("Slices by " + of.by, note, table(rows));
}

} // namespace

std::string html_report(const judged_model& of, const models::model& model, const feature_reader& features) {
  const auto* classes = std::get_if<models::classification_metrics>(&of.judged.measured);
  return page(of.version + " on " + of.data,
              heading(of) + measures(of)
                  + (classes != nullptr ? errors_of_classes(*classes, of.rows) : errors_of_values(of.rows))
                  + importances(of) + dependences(of.rows, model, features) + slices(of));
}

} // namespace weir::cli
