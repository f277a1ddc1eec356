#include "cli/alert_log.hpp"

#include "cli/json_lines.hpp"
#include "cli/json_member.hpp"
#include "core/base/civil_time.hpp"
#include "core/base/wall_clock.hpp"
#include "io/json_document.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace weir::cli {

namespace {

using simdjson::dom::element;

std::optional<double> number_of(element from, std::string_view name) {
  double number = 0;
  return from[name].get(number) == simdjson::SUCCESS ? std::optional{number} : std::nullopt;
}

std::string json_of(element from, std::string_view name) {
  element found;
  return from[name].get(found) == simdjson::SUCCESS ? std::string{simdjson::minify(found)} : std::string{};
}

/// What tells one alert from another: its fingerprint is the same whenever it begins, and it may begin twice at one
/// time.
using alert_id = std::array<std::string, 3>;

std::string place_of(element from) {
  const auto offset = json_of(from, "offset");
  return offset.empty() ? offset : json_of(from, "partition") + ':' + offset;
}

/// `table_name orders`, without the pipeline's name.
std::string keys_of(element alert) {
  simdjson::dom::object labels;
  std::string text;
  if (alert["labels"].get(labels) == simdjson::SUCCESS)
    for (const auto [name, value] : labels)
      if (std::string_view key; name != "pipeline" && value.get(key) == simdjson::SUCCESS)
        text += (text.empty() ? "" : ", ") + std::string{name} + ' ' + std::string{key};
  return text;
}

/// Empty: the record is an alert.
std::string read_alert(element from, logged_alert& into) {
  into = {};
  into.fingerprint = text_of(from, "fingerprint");
  into.starts_at = text_of(from, "starts_at");
  into.name = text_of(from, "alert");
  if (into.fingerprint.empty() || into.name.empty())
    return "this is no alert: it has no 'alert' or no 'fingerprint'";
  if (into.starts_at.empty())
    into.starts_at = json_of(from, "starts_at"); // a time that no calendar has
  into.place = place_of(from);
  into.detector = text_of(from, "detector");
  into.kind = text_of(from, "kind");
  into.of = text_of(from, "of");
  into.severity = text_of(from, "severity");
  into.summary = text_of(from, "summary");
  into.keys = keys_of(from);
  into.record = json_of(from, "record");
  into.score = number_of(from, "score");
  into.threshold = number_of(from, "threshold");
  into.anomaly_score = number_of(from, "anomaly_score");
  const auto label = text_of(from, "label");
  const auto known = alert_label_of(label);
  if (!known)
    return "'" + label + "' is no label: write anomaly or normal, or leave it null";
  into.label = *known;
  return {};
}

core::result<std::map<alert_id, alert_label>> read_labels(const std::string& path) {
  std::map<alert_id, alert_label> all;
  auto read = for_each_json_line(path, "label", [&](element from) -> std::string {
    const auto label = alert_label_of(text_of(from, "label"));
    if (!label)
      return "this is no label";
    all[{text_of(from, "fingerprint"), text_of(from, "starts_at"), place_of(from)}] = *label;
    return {};
  });
  if (!read)
    return tl::unexpected{read.error()};
  return all;
}

std::string now_text() {
  std::array<char, core::timestamp_text_size> text{};
  return {text.data(), core::format_timestamp(core::now_ms(), text.data())};
}

core::error cannot_write(const std::string& path) {
  return {std::string{"cannot write the labels: "} + std::strerror(errno), path, {}};
}

} // namespace

std::optional<alert_label> alert_label_of(std::string_view word) {
  for (const auto label : {alert_label::none, alert_label::anomaly, alert_label::normal})
    if (word == name_of(label))
      return label;
  return std::nullopt;
}

std::string_view name_of(alert_label label) {
  switch (label) {
  case alert_label::anomaly: return "anomaly";
  case alert_label::normal: return "normal";
  case alert_label::none: break;
  }
  return {};
}

std::string labels_file_of(const std::string& log) {
  return log + ".labels";
}

core::result<std::vector<logged_alert>> read_alert_log(const std::string& log, const std::string& labels) {
  if (!std::ifstream{log})
    return core::fail("cannot read '" + log + "'");
  const auto known = read_labels(labels);
  if (!known)
    return tl::unexpected{known.error()};
  std::vector<logged_alert> all;
  std::map<std::string, std::size_t> firing; // by fingerprint: what is said of it again is of the same alert
  auto read = for_each_json_line(log, "alert", [&](element from) -> std::string {
    logged_alert one;
    if (auto wrong = read_alert(from, one); !wrong.empty())
      return wrong;
    if (text_of(from, "status") != "firing") {
      firing.erase(one.fingerprint);
      return {};
    }
    const auto [place, is_new] = firing.try_emplace(one.fingerprint, all.size());
    if (is_new)
      all.push_back(std::move(one));
    else if (one.label != alert_label::none)
      all[place->second].label = one.label;
    return {};
  });
  if (!read)
    return tl::unexpected{read.error()};
  for (auto& alert : all)
    if (const auto found = known->find({alert.fingerprint, alert.starts_at, alert.place}); found != known->end())
      alert.label = found->second;
  return all;
}

core::result<void> append_label(const std::string& labels, const logged_alert& of, alert_label label,
                                const std::string& note) {
  io::json_document line;
  line.begin_object().member("fingerprint", of.fingerprint).member("starts_at", of.starts_at);
  if (const auto colon = of.place.find(':'); colon != std::string::npos)
    line.key("partition").raw(of.place.substr(0, colon)).key("offset").raw(of.place.substr(colon + 1));
  line.member("alert", of.name)
      .member("label", name_of(label))
      .member("note", note)
      .member("labelled_at", now_text())
      .end_object();
  const auto text = line.text();
  const int file = ::open(labels.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0)
    return tl::unexpected{cannot_write(labels)};
  const bool is_written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool is_synced = is_written && ::fsync(file) == 0;
  const auto failed = cannot_write(labels);
  ::close(file);
  return is_synced ? core::result<void>{} : tl::unexpected{failed};
}

} // namespace weir::cli
