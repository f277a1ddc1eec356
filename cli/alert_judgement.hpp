#pragma once

#include "cli/alert_log.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace weir::cli {

/// How often alerts are right, by those of them that a person has labelled.
struct alert_precision {
  std::string of; ///< the detector, the severity, the least anomaly score
  std::size_t alerts = 0;
  std::size_t anomalies = 0; ///< labelled so
  std::size_t normal = 0;    ///< labelled so: false alarms

  std::size_t labelled() const noexcept { return anomalies + normal; }
  /// Of the labelled, the share of anomalies; NaN without any.
  double precision() const noexcept;
  /// Where the precision of all alerts lies, with a confidence of 95 % (Wilson 1927), if those that were labelled are
  /// as the others.
  std::pair<double, double> interval() const noexcept;

  void count(const logged_alert& one) noexcept;
};

/// What the labels of a log say of those that raised its alerts.
struct alert_judgement {
  alert_precision all;
  std::vector<alert_precision> by_name;     ///< of each rule, in the order of their names
  std::vector<alert_precision> by_severity; ///< the worst first
  std::vector<alert_precision> by_score;    ///< of alerts whose anomaly score is at least so much, in steps of 0.1
};

alert_judgement judge_alerts(std::span<const logged_alert> alerts);

void print_table(const alert_judgement& judged);
void print_json(const alert_judgement& judged);

} // namespace weir::cli
