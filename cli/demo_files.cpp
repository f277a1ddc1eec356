#include "cli/demo_files.hpp"

#include <utility>

namespace weir::cli {

namespace {

constexpr auto schema = R"(schema:
  CustomerID:      { type: string, key: true }
  Date:            { type: timestamp }
  Amount:          { type: double }
  Age:             { type: double }
  Gender:          { type: string }
  TransactionType: { type: string }
  Location:        { type: string }
  Device:          { type: string }
)";

constexpr auto preparation = R"(preprocess:
  - drop_null: [Amount]
  - filter: Amount > 50
  - derive: { hour: hour(Date), dow: dow(Date) }
  - encode: { Gender: [F, M, X], as: gender_code }
  - encode: { TransactionType: [deposit, purchase, transfer, withdrawal], as: type_code }
  - encode:
      Location: [Amsterdam, Berlin, Chicago, Delhi, Lagos, Lima, London, Madrid, Osaka, Paris, Rome, Seoul]
      as: location_code
  - encode: { Device: [atm, mobile, pos, web], as: device_code }

aggregate: # of each customer's last 20 transactions, this one included
  - { rolling: mean, of: Amount, by: CustomerID, last: 20, as: rolling_mean }
  - { rolling: stddev, of: Amount, by: CustomerID, last: 20, as: rolling_sd }
)";

constexpr auto judgement = R"(
detect: # far from what this customer spent before?
  - { zscore: Amount, by: CustomerID, threshold: 3, min_count: 5, as: anomaly, score: z }

alerts: # said once when it begins and once when it is over, for each customer
  - name: unusual_spending
    when: anomaly and risk > 0.5
    severity: high
    by: CustomerID
    summary: "{CustomerID} spent {Amount} by {Device} in {Location}, far from the usual"

output: { drop: [gender_code, type_code, location_code, device_code] }
)";

/// A text as YAML takes it whatever is in it.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const auto c : text)
    out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string inference(const demo_files& files) {
  std::string inputs;
  for (const auto& name : demo_features())
    inputs += (inputs.empty() ? "" : ", ") + name;
  return "\ninfer: # how likely it is that this is an anomaly, by a forest that learned from labelled history\n"
         "  - model: "
         + quoted(files.model) + "\n    inputs: [" + inputs + "]\n    as: risk\n";
}

std::string file_source(const std::string& path, const char* format, int partitions) {
  return "source:\n  file: { path: " + quoted(path) + ", key: CustomerID, partitions: " + std::to_string(partitions)
         + " }\n  format: " + format + "\n";
}

std::string topic(const std::string& name, int partitions) {
  return "{ kafka: { topic: " + name + ", create: { partitions: " + std::to_string(partitions) + " } } }\n";
}

} // namespace

demo_files::demo_files(const std::string& in) :
    folder{in}, history{in + "/history.csv"}, live{in + "/live.ndjson"},
    features_pipeline{in + "/features.yaml"}, features{in + "/features.csv"}, model{in + "/risk.onnx"},
    pipeline{in + "/pipeline.yaml"}, scored{in + "/scored.ndjson"}, alerts{in + "/alerts.ndjson"},
    dead_letters{in + "/dead_letters.ndjson"}, state{in + "/demo-state"} {}

demo_topics::demo_topics(std::string unique_name) :
    name{std::move(unique_name)}, in{name + "-in"}, scored{name + "-scored"}, alerts{name + "-alerts"},
    dead_letters{name + "-dead"} {}

const std::vector<std::string>& demo_features() {
  static const std::vector<std::string> names{"Amount", "rolling_mean", "rolling_sd", "Age",           "hour",
                                              "dow",    "gender_code",  "type_code",  "location_code", "device_code"};
  return names;
}

std::string features_pipeline_text(const demo_files& files) {
  return "# Makes the rows that the model learns from: the same steps as in pipeline.yaml, over labelled history.\n"
         "name: demo-features\n"
         + file_source(files.history, "csv", 1) + schema + "\n" + preparation
         + "\nsink:  { file: " + quoted(files.features) + ", format: csv }\nstats: { enabled: false }\n"
         + "state: { dir: " + quoted(files.state) + " }\n";
}

std::string demo_pipeline_text(const demo_files& files) {
  return "# Cleans transactions, scores them, watches each customer and raises alerts. `is_anomaly`, the label, is not "
         "in\n"
         "# the schema: it goes through untouched and no step sees it.\n"
         "name: demo\n"
         + file_source(files.live, "json", 4) + schema + "\n" + preparation + inference(files) + judgement
         + "sink:        { file: " + quoted(files.scored) + " }\nalert_sink:  { file: " + quoted(files.alerts)
         + " }\ndead_letter: { file: " + quoted(files.dead_letters) + " }\nstats:       { port: 0 }\n"
         + "state:       { dir: " + quoted(files.state) + " }\n";
}

std::string demo_pipeline_text(const demo_files& files, const demo_topics& topics, const std::string& brokers) {
  return "# Cleans transactions, scores them, watches each customer and raises alerts, exactly once. `is_anomaly`, "
         "the\n"
         "# label, is not in the schema: it goes through untouched and no step sees it.\n"
         "name: "
         + topics.name + "\nsource:\n  kafka: { brokers: " + quoted(brokers) + ", topic: " + topics.in
         + " }\n  format: json\n" + schema + "\n" + preparation + inference(files) + judgement
         + "sink:        " + topic(topics.scored, 4) + "alert_sink:  " + topic(topics.alerts, 1) + "dead_letter: "
         + topic(topics.dead_letters, 1) + "processing:  { guarantee: exactly_once }\n" + "stats:       { port: 0 }\n";
}

} // namespace weir::cli
