#include "cli/pipeline_status.hpp"

#include "cli/json_member.hpp"
#include "io/http/http_client.hpp"

#include <algorithm>
#include <future>
#include <map>
#include <set>

namespace weir::cli {

namespace {

using namespace std::chrono_literals;

bool parse(simdjson::dom::element from, lane_row& lane) {
  bool is_whole = from["partition"].get(lane.partition) == simdjson::SUCCESS;
  is_whole = is_whole && from["active"].get(lane.active) == simdjson::SUCCESS;
  is_whole = is_whole && from["stalled"].get(lane.stalled) == simdjson::SUCCESS;
  for (std::size_t i = 0; i < core::lane_figures().size(); ++i)
    if (const auto& f = core::lane_figures()[i]; (f.places & core::figure_place::cluster) != 0) {
      auto& value = lane.figures.by_index[i];
      if (f.may_be_unknown && from[f.name].is_null())
        value = core::lane_stats::unknown;
      else
        is_whole = is_whole && from[f.name].get(value) == simdjson::SUCCESS;
    }
  return is_whole;
}

bool parse(simdjson::dom::element from, node_status& node) {
  simdjson::dom::array lanes;
  if (from["age_ms"].get(node.age_ms) != simdjson::SUCCESS || from["lanes"].get(lanes) != simdjson::SUCCESS)
    return false;
  node.node = text_of(from, "node");
  node.phase = text_of(from, "phase");
  node.reason = text_of(from, "reason");
  node.url = text_of(from, "url");
  node.text = simdjson::minify(from);
  return std::all_of(lanes.begin(), lanes.end(),
                     [&](simdjson::dom::element lane) { return parse(lane, node.lanes.emplace_back()); });
}

void parse_drift(simdjson::dom::element from, pipeline_status& into) {
  simdjson::dom::array columns;
  if (from["records"].get(into.drift_records) != simdjson::SUCCESS || from["columns"].get(columns) != simdjson::SUCCESS)
    return;
  for (const auto column : columns) {
    drift_row row;
    row.column = text_of(column, "column");
    if (column["drifts"].get(row.drifts) == simdjson::SUCCESS
        && column["drift_percent"].get(row.drift_percent) == simdjson::SUCCESS
        && column["chance_percent"].get(row.chance_percent) == simdjson::SUCCESS
        && column["adjusted_p_value"].get(row.adjusted_p_value) == simdjson::SUCCESS)
      into.drift.push_back(std::move(row));
  }
}

core::result<pipeline_status> status_of(const io::endpoint_file& node, std::chrono::milliseconds patience) {
  const auto answer = io::http_call("GET", node.url + "/api/v1/cluster", {}, patience);
  if (!answer)
    return tl::unexpected{answer.error()};
  auto status = answer->status == 200 ? read_status(answer->body) : std::nullopt;
  if (!status)
    return core::fail(node.url + " does not answer as a node of Weir does");
  // A node that was killed leaves its address, whose port may be another's now.
  if (!node.pipeline.empty() && status->pipeline != node.pipeline)
    return core::fail(node.url + " is a node of '" + status->pipeline + "', not of '" + node.pipeline + "'");
  status->at = std::chrono::steady_clock::now();
  return *std::move(status);
}

/// Whether it is the answer of the supervisor's own node.
bool leads(const pipeline_status& answer) {
  return !answer.supervisor.empty() && answer.supervisor == answer.node;
}

} // namespace

std::vector<std::int64_t> pipeline_status::on_no_node() const {
  std::set<std::int64_t> running;
  for (const auto& one : nodes)
    for (const auto& lane : one.lanes)
      if (lane.active)
        running.insert(lane.partition);
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < partitions; ++i)
    if (!running.contains(i))
      out.push_back(i);
  return out;
}

std::string pipeline_status::json() const {
  std::string text;
  for (const auto& [name, value] : members) {
    text += (text.empty() ? "{\"" : ",\"") + name + "\":";
    if (name == "nodes") {
      std::string all;
      for (const auto& one : nodes)
        all += (all.empty() ? "" : ",") + one.text;
      text += "[" + all + "]";
    } else {
      text += name == "supervisor" && supervisor.empty() ? "null" : value;
    }
  }
  return text + "}";
}

std::optional<pipeline_status> read_status(std::string_view answer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object members;
  simdjson::dom::object aggregates;
  simdjson::dom::array nodes;
  pipeline_status out;
  if (parser.parse(answer.data(), answer.size()).get(root) != simdjson::SUCCESS
      || root["nodes"].get(nodes) != simdjson::SUCCESS || root["aggregates"].get(aggregates) != simdjson::SUCCESS
      || root["term"].get(out.term) != simdjson::SUCCESS || root["partitions"].get(out.partitions) != simdjson::SUCCESS
      || root.get(members) != simdjson::SUCCESS)
    return std::nullopt;
  out.pipeline = text_of(root, "pipeline");
  out.node = text_of(root, "node");
  out.supervisor = text_of(root, "supervisor");
  for (const auto [name, number] : aggregates)
    if (double value = 0; number.get(value) == simdjson::SUCCESS)
      out.aggregates.emplace_back(name, value);
  if (simdjson::dom::element drift; root["drift"].get(drift) == simdjson::SUCCESS && drift.is_object())
    parse_drift(drift, out);
  for (const auto [name, value] : members)
    out.members.emplace_back(name, simdjson::minify(value));
  for (const auto node : nodes)
    if (!parse(node, out.nodes.emplace_back()))
      return std::nullopt;
  return out;
}

pipeline_status merge(std::vector<pipeline_status> answers) {
  const auto knows_less = [](const auto& a, const auto& b) {
    return std::pair{a.term, leads(a)} < std::pair{b.term, leads(b)};
  };
  const auto partitions = std::ranges::max(answers, {}, &pipeline_status::partitions).partitions;
  auto merged = *std::max_element(answers.begin(), answers.end(), knows_less);
  const auto entry_of = [](auto& nodes, const std::string& name) {
    return std::find_if(nodes.begin(), nodes.end(), [&](const auto& node) { return node.node == name; });
  };
  merged.partitions = partitions;
  for (auto& answer : answers) {
    const auto own = entry_of(answer.nodes, answer.node);
    if (own == answer.nodes.end())
      continue;
    if (answer.node == merged.supervisor && !leads(answer))
      merged.supervisor.clear();
    if (const auto known = entry_of(merged.nodes, answer.node); known != merged.nodes.end())
      *known = std::move(*own);
    else
      merged.nodes.push_back(std::move(*own));
  }
  std::sort(merged.nodes.begin(), merged.nodes.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
  return merged;
}

core::result<std::vector<pipeline_status>> ask(const std::vector<io::endpoint_file>& nodes) {
  // Where there are others, one that does not answer is not waited for so long.
  const auto patience = nodes.size() > 1 ? 2s : 5s;
  std::vector<std::future<core::result<pipeline_status>>> asked;
  for (const auto& node : nodes)
    asked.push_back(std::async(std::launch::async, status_of, std::cref(node), patience));
  std::map<std::string, std::vector<pipeline_status>> answers;
  core::error problem{"there is no node to ask", {}, {}};
  for (auto& one : asked) {
    if (auto status = one.get())
      answers[status->pipeline].push_back(*std::move(status));
    else
      problem = status.error();
  }
  if (answers.empty())
    return tl::unexpected{problem};
  std::vector<pipeline_status> out;
  for (auto& [name, of_pipeline] : answers)
    out.push_back(merge(std::move(of_pipeline)));
  return out;
}

} // namespace weir::cli
