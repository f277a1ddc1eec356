#include "cli/report/pictures.hpp"

#include "cli/measures.hpp"
#include "cli/report/chart.hpp"
#include "cli/report/markup.hpp"
#include "cli/report/page.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::cli {

namespace {

using models::curve_point;

constexpr std::size_t most_points = 1500;
constexpr std::size_t most_series = 6; ///< as many as the page has colours

/// Some of many points, in equal steps, with the last one.
std::vector<curve_point> thinned(const std::vector<curve_point>& points) {
  if (points.size() <= most_points)
    return points;
  std::vector<curve_point> made;
  for (std::size_t i = 0; i < most_points; ++i)
    made.push_back(points[i * (points.size() - 1) / (most_points - 1)]);
  return made;
}

using curve_of = std::vector<curve_point> (*)(const std::vector<bool>&, std::span<const double>);

/// Draws a curve for each class that is shown. @returns their labels
std::vector<std::string> add_curves(const judged_rows& rows, curve_of make, chart& into) {
  std::vector<std::string> legend;
  const auto classes = rows.probabilities.size();
  std::vector<bool> is_positive(rows.rows());
  for (std::size_t k = classes == 2 ? 1 : 0; k < classes && legend.size() < most_series; ++k) {
    for (std::size_t i = 0; i < is_positive.size(); ++i)
      is_positive[i] = rows.true_class[i] == k;
    into.add_line(thinned(make(is_positive, rows.probabilities[k])), legend.size());
    legend.push_back(rows.labels[k]);
  }
  return legend;
}

std::vector<double> residuals_of(const judged_rows& rows) {
  std::vector<double> made;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    made.push_back(rows.predicted[i] - rows.truth[i]);
  return made;
}

} // namespace

std::string picture_of_predictions(const judged_rows& rows) {
  std::vector<curve_point> points;
  auto both = rows.truth;
  both.insert(both.end(), rows.predicted.begin(), rows.predicted.end());
  for (std::size_t i = 0; i < rows.rows(); ++i)
    points.push_back({rows.truth[i], rows.predicted[i]});
  auto x = axis_over("actual", both), y = axis_over("predicted", both);
  const curve_point first{x.from, x.from}, last{x.to, x.to};
  chart made{"predicted against actual values", std::move(x), std::move(y)};
  made.add_guide(first, last);
  made.add_dots(thinned(points));
  return figure(points.size() > most_points ? "Predicted against actual (some of the rows)"
                                            : "Predicted against actual",
                made.svg());
}

std::string picture_of_residuals(const judged_rows& rows) {
  constexpr std::size_t bins = 30;
  const auto residuals = residuals_of(rows);
  const auto x = axis_over("predicted - actual", residuals);
  const auto step = (x.to - x.from) / bins;
  std::vector<std::size_t> counts(bins);
  for (const auto residual : residuals)
    ++counts[std::min(static_cast<std::size_t>((residual - x.from) / step), bins - 1)];
  const auto most = *std::max_element(counts.begin(), counts.end());
  chart made{"histogram of the residuals", x, {"rows", 0, static_cast<double>(most) * 1.05}};
  for (std::size_t i = 0; i < bins; ++i) {
    const auto from = x.from + static_cast<double>(i) * step;
    if (counts[i] > 0)
      made.add_bar(from, from + step, static_cast<double>(counts[i]),
                   shown(from) + " to " + shown(from + step) + ": " + std::to_string(counts[i]));
  }
  return figure("Residuals", made.svg());
}

std::string picture_of_roc(const judged_rows& rows) {
  chart made{"ROC curve", {"false positives"}, {"true positives"}};
  made.add_guide({0, 0}, {1, 1});
  const auto legend = add_curves(rows, models::roc_curve, made);
  return figure("ROC curve", made.svg(), legend);
}

std::string picture_of_precision_recall(const judged_rows& rows) {
  chart made{"precision-recall curve", {"recall"}, {"precision"}};
  const auto legend = add_curves(rows, models::precision_recall_curve, made);
  return figure("Precision and recall", made.svg(), legend);
}

std::string picture_of_calibration(std::span<const models::calibration_bin> bins) {
  std::vector<curve_point> points;
  for (const auto& bin : bins)
    if (bin.count > 0)
      points.push_back({bin.predicted, bin.share});
  chart made{"calibration", {"predicted probability"}, {"share that is true"}};
  made.add_guide({0, 0}, {1, 1});
  made.add_line(points);
  made.add_dots(points, true);
  return figure("Calibration", made.svg());
}

std::string confusion_table(const models::classification_metrics& measured, const std::vector<std::string>& labels) {
  std::string out = "<div class=\"scroll\"><table class=\"shaded\">\n<tr><th>true / predicted</th>";
  for (const auto& label : labels)
    out += "<th>" + escaped(label) + "</th>";
  out += "</tr>\n";
  for (std::size_t k = 0; k < labels.size(); ++k) {
    out += "<tr><th>" + escaped(labels[k]) + "</th>";
    const auto rows = static_cast<double>(std::max<std::size_t>(measured.classes[k].support, 1));
    for (std::size_t other = 0; other < labels.size(); ++other) {
      const auto count = measured.confusion[k * labels.size() + other];
      out += "<td style=\"--share: " + coordinate(static_cast<double>(count) / rows) + "\">" + std::to_string(count)
             + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

namespace {

template <class Value>
std::vector<double> values_of(std::span<const partial_dependence> of, const Value& value) {
  std::vector<double> made;
  for (const auto& one : of)
    for (const auto& series : one.means)
      for (const auto& point : series)
        made.push_back(value(point));
  return made;
}

} // namespace

std::vector<std::string> pictures_of_dependences(std::span<const partial_dependence> of,
                                                 const std::vector<std::string>& labels) {
  const auto y = axis_over(labels.empty() ? "mean prediction" : "mean probability",
                           values_of(of, [](const curve_point& point) { return point.y; }));
  std::vector<std::string> pictures;
  for (const auto& one : of) {
    const auto values = values_of({&one, 1}, [](const curve_point& point) { return point.x; });
    chart made{"partial dependence on " + one.feature, axis_over(one.feature, values), y};
    std::vector<std::string> legend;
    for (std::size_t k = 0; k < std::min(one.means.size(), most_series); ++k) {
      made.add_line(one.means[k], k);
      if (one.means.size() > 1)
        legend.push_back(labels.empty() ? std::to_string(k) : labels[k]);
    }
    pictures.push_back(figure(one.feature, made.svg(), legend));
  }
  return pictures;
}

} // namespace weir::cli
