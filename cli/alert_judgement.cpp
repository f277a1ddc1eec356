#include "cli/alert_judgement.hpp"

#include "cli/measures.hpp"
#include "cli/text_columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>

namespace weir::cli {

namespace {

constexpr std::array<std::string_view, 4> severities{"critical", "high", "medium", "low"};

/// Of a normal distribution, for 95 %.
constexpr double z = 1.959963984540054;

void add_rows(std::vector<std::vector<std::string>>& to, const char* title, std::span<const alert_precision> all,
              std::size_t anomalies) {
  to.push_back({title, "alerts", "labelled", "anomalies", "precision", "95 % interval", "of all anomalies"});
  for (const auto& one : all) {
    const auto [low, high] = one.interval();
    const auto kept = anomalies == 0 ? std::numeric_limits<double>::quiet_NaN()
                                     : static_cast<double>(one.anomalies) / static_cast<double>(anomalies);
    to.push_back({one.of, std::to_string(one.alerts), std::to_string(one.labelled()), std::to_string(one.anomalies),
                  shown(one.precision()), one.labelled() == 0 ? "-" : shown(low) + " to " + shown(high), shown(kept)});
  }
}

void write(std::string_view name, std::span<const alert_precision> all, std::string_view of, io::json_document& out) {
  out.key(name).begin_array();
  for (const auto& one : all) {
    const auto [low, high] = one.interval();
    out.begin_object();
    if (!of.empty())
      out.member(of, one.of);
    out.member("alerts", one.alerts).member("labelled", one.labelled()).member("anomalies", one.anomalies);
    write_number("precision", one.precision(), out);
    write_number("precision_low", low, out);
    write_number("precision_high", high, out);
    out.end_object();
  }
  out.end_array();
}

} // namespace

double alert_precision::precision() const noexcept {
  return labelled() == 0 ? std::numeric_limits<double>::quiet_NaN()
                         : static_cast<double>(anomalies) / static_cast<double>(labelled());
}

std::pair<double, double> alert_precision::interval() const noexcept {
  const auto n = static_cast<double>(labelled());
  const auto middle = (precision() + z * z / (2 * n)) / (1 + z * z / n);
  const auto half = z / (1 + z * z / n) * std::sqrt(precision() * (1 - precision()) / n + z * z / (4 * n * n));
  return {std::max(middle - half, 0.0), std::min(middle + half, 1.0)};
}

void alert_precision::count(const logged_alert& one) noexcept {
  ++alerts;
  anomalies += one.label == alert_label::anomaly;
  normal += one.label == alert_label::normal;
}

alert_judgement judge_alerts(std::span<const logged_alert> alerts) {
  alert_judgement judged;
  judged.all.of = "all";
  std::map<std::string, alert_precision> by_name;
  for (const auto severity : severities)
    judged.by_severity.push_back({std::string{severity}});
  for (int tenth = 5; tenth < 10; ++tenth)
    judged.by_score.push_back({"0." + std::to_string(tenth)});
  for (const auto& one : alerts) {
    judged.all.count(one);
    auto& of_name = by_name[one.name];
    of_name.of = one.name;
    of_name.count(one);
    for (auto& of_severity : judged.by_severity)
      if (of_severity.of == one.severity)
        of_severity.count(one);
    for (std::size_t i = 0; one.anomaly_score && i < judged.by_score.size(); ++i)
      if (*one.anomaly_score >= 0.1 * static_cast<double>(5 + i))
        judged.by_score[i].count(one);
  }
  for (auto& [name, one] : by_name)
    judged.by_name.push_back(std::move(one));
  const auto is_empty = [](const alert_precision& one) { return one.alerts == 0; };
  std::erase_if(judged.by_severity, is_empty);
  std::erase_if(judged.by_score, is_empty);
  return judged;
}

void print_table(const alert_judgement& judged) {
  std::vector<std::vector<std::string>> rows;
  add_rows(rows, "alert", judged.by_name, judged.all.anomalies);
  add_rows(rows, "severity", judged.by_severity, judged.all.anomalies);
  if (!judged.by_score.empty())
    add_rows(rows, "anomaly score from", judged.by_score, judged.all.anomalies);
  add_rows(rows, "", std::span{&judged.all, 1}, judged.all.anomalies);
  print_columns(rows, "");
}

void print_json(const alert_judgement& judged) {
  io::json_document out;
  out.begin_object();
  write("all", std::span{&judged.all, 1}, "", out);
  write("alerts", judged.by_name, "alert", out);
  write("severities", judged.by_severity, "severity", out);
  write("anomaly_scores", judged.by_score, "from", out);
  std::printf("%s", out.end_object().pretty_text().c_str());
}

} // namespace weir::cli
