#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The log of alerts that a pipeline has written, a JSON record a line, and what a person says of them. Labels stand in
// a file of their own, beside the log: that one may still be written.

namespace weir::cli {

/// What a person says of an alert.
enum class alert_label : std::uint8_t { none, anomaly, normal };

/// Nothing: it is none of the words.
std::optional<alert_label> alert_label_of(std::string_view word);
std::string_view name_of(alert_label label);

/// An alert from when it began, whatever was said of it later.
struct logged_alert {
  std::string fingerprint;
  std::string starts_at;
  std::string place;    ///< of the record that it began with, `3:1205`: partition and offset; empty: it had none
  std::string name;     ///< of its rule
  std::string detector; ///< these are empty for rules that are about no detector
  std::string kind;
  std::string of;
  std::string severity;
  std::string summary;
  std::string keys;   ///< `table_name orders`
  std::string record; ///< JSON; empty: it shows none
  std::optional<double> score;
  std::optional<double> threshold;
  std::optional<double> anomaly_score;
  alert_label label = alert_label::none; ///< by the file of labels, or the log itself
};

/// Where labels of a log stand.
std::string labels_file_of(const std::string& log);

/// The alerts of a log in the order in which they began, with their labels. An error names file and line.
core::result<std::vector<logged_alert>> read_alert_log(const std::string& log, const std::string& labels);

/// Writes one more label; it is on the disk when this returns. @param note in a person's words; may be empty
core::result<void> append_label(const std::string& labels, const logged_alert& of, alert_label label,
                                const std::string& note);

} // namespace weir::cli
