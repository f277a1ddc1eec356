#include "cli/alert_log.hpp"
#include "cli/measures.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace weir::cli {

namespace {

struct label_options {
  std::string log;
  std::string labels;
  std::string alert;
  bool again = false;
};

std::string number(const char* name, const std::optional<double>& value) {
  return value ? std::string{"  "} + name + ' ' + shown(*value) : std::string{};
}

void show(const logged_alert& alert, std::size_t place, std::size_t of) {
  std::printf("\n%zu of %zu  %s  %s  %s  %s\n", place, of, alert.name.c_str(), alert.severity.c_str(),
              alert.starts_at.c_str(), alert.keys.c_str());
  std::printf("  %s\n", alert.summary.c_str());
  if (!alert.kind.empty())
    std::printf("  %s%s%s%s%s%s\n", alert.kind.c_str(), alert.of.empty() ? "" : " of ", alert.of.c_str(),
                number("score", alert.score).c_str(), number("threshold", alert.threshold).c_str(),
                number("anomaly score", alert.anomaly_score).c_str());
  if (!alert.record.empty())
    std::printf("  %s\n", alert.record.c_str());
}

/// Asks until it is understood. @returns false: there is no more to be read, or enough was said
bool ask(std::string& answer) {
  for (;;) {
    std::printf("anomaly (a), normal (n), not now (enter), back (b), quit (q); words behind a or n are a note: ");
    std::fflush(stdout);
    if (!std::getline(std::cin, answer) || answer == "q")
      return false;
    const bool is_word = answer.size() < 2 || answer[1] == ' ';
    if (answer.empty() || (is_word && std::string_view{"anb"}.find(answer[0]) != std::string_view::npos))
      return true;
  }
}

core::result<void> label(const label_options& options) {
  const auto labels = options.labels.empty() ? labels_file_of(options.log) : options.labels;
  auto alerts = read_alert_log(options.log, labels);
  if (!alerts)
    return tl::unexpected{alerts.error()};
  std::erase_if(*alerts, [&](const logged_alert& one) {
    return (!options.alert.empty() && one.name != options.alert) || (!options.again && one.label != alert_label::none);
  });
  std::size_t said = 0;
  std::string answer;
  for (std::size_t i = 0; i < alerts->size();) {
    show((*alerts)[i], i + 1, alerts->size());
    if (!ask(answer))
      break;
    if (answer == "b") {
      i -= i > 0;
      continue;
    }
    if (!answer.empty()) {
      const auto chosen = answer[0] == 'a' ? alert_label::anomaly : alert_label::normal;
      const auto note = answer.size() > 2 ? answer.substr(2) : std::string{};
      if (auto written = append_label(labels, (*alerts)[i], chosen, note); !written)
        return written;
      ++said;
    }
    ++i;
  }
  std::printf("\n%zu labels written to %s; weir eval --alerts %s counts them\n", said, labels.c_str(),
              options.log.c_str());
  return {};
}

void declare(arguments verb) {
  auto of_label = verb.verb("label", "say of each alert in a log whether it was right");
  const auto options = std::make_shared<label_options>();
  of_label.option("FILE", &options->log, "Log of alerts, a JSON record a line").required();
  of_label.option("--labels", &options->labels, "File of the labels; default: FILE.labels");
  of_label.option("--alert", &options->alert, "Those of one rule alone");
  of_label.flag("--again", options->again, "Those too that have a label");
  of_label.run([options] {
    const auto done = label(*options);
    return done ? exit_code::done : report(done.error());
  });
}

} // namespace

constexpr verb verbs::alerts{"alerts", "label the alerts of a log", "weir alerts label alerts.ndjson", declare};

} // namespace weir::cli
