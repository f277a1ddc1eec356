#include "cli/demo_findings.hpp"

#include "cli/json_lines.hpp"

namespace weir::cli {

namespace {

using simdjson::dom::element;

/// Calls `take` with each line, parsed; false from it, or what is no JSON, is an error.
template <class F>
core::result<void> for_each_line(const std::string& path, const std::string& what, F take) {
  return for_each_json_line(path, what, [&](element line) { return take(line) ? "" : "this is no " + what; });
}

template <class T>
bool read(element from, const char* field, T& into) {
  return from[field].get(into) == simdjson::SUCCESS;
}

bool read_transaction(element from, scored_transaction& into) {
  std::string_view customer;
  std::int64_t label = 0;
  const bool complete = read(from, "CustomerID", customer) && read(from, "Amount", into.amount)
                        && read(from, "rolling_mean", into.rolling_mean) && read(from, "risk", into.risk)
                        && read(from, "z", into.z) && read(from, "anomaly", into.anomaly)
                        && read(from, "is_anomaly", label);
  into.customer = customer;
  into.labelled = label == 1;
  return complete;
}

void keep_last(std::deque<scored_transaction>& examples, const scored_transaction& t) {
  examples.push_back(t);
  if (examples.size() > demo_findings::shown)
    examples.pop_front();
}

} // namespace

core::result<demo_findings> read_findings(const std::string& scored, const std::string& alerts,
                                          const std::string& dead_letters) {
  demo_findings found;
  if (!std::ifstream{scored})
    return core::fail("cannot read '" + scored + "'");
  scored_transaction t;
  auto done = for_each_line(scored, "scored transaction", [&](element record) {
    if (!read_transaction(record, t))
      return false;
    ++found.records;
    found.labelled += t.labelled;
    const bool risky = t.risk > demo_findings::risky;
    found.by_zscore.count(t.anomaly, t.labelled);
    found.by_risk.count(risky, t.labelled);
    found.by_both.count(t.anomaly && risky, t.labelled);
    keep_last(t.labelled ? found.odd : found.ordinary, t);
    return true;
  });
  if (done)
    done = for_each_line(alerts, "alert", [&](element alert) {
      std::string_view status;
      std::string_view summary;
      if (!read(alert, "status", status) || !read(alert, "summary", summary))
        return false;
      if (status != "firing") {
        ++found.resolved;
        return true;
      }
      if (found.alerts++ < demo_findings::shown)
        found.summaries.emplace_back(summary);
      return true;
    });
  if (done)
    done = for_each_line(dead_letters, "dead letter", [&](element letter) {
      std::string_view stage;
      std::string_view reason;
      if (!read(letter, "stage", stage) || !read(letter, "reason", reason))
        return false;
      ++found.dead_letters[std::string{stage} + ": " + std::string{reason}];
      return true;
    });
  if (!done)
    return tl::unexpected{done.error()};
  return found;
}

} // namespace weir::cli
