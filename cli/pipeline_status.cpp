#include "cli/pipeline_status.hpp"

#include "io/http/http_client.hpp"

#include <simdjson.h>

#include <optional>
#include <string_view>

namespace weir::cli {

namespace {

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

std::string text_of(simdjson::dom::element from, const char* name) {
  std::string_view value;
  return from[name].get(value) == simdjson::SUCCESS ? std::string{value} : std::string{};
}

/// Nothing when it is not what a node answers.
std::optional<pipeline_status> parse(const std::string& answer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object aggregates;
  simdjson::dom::array nodes;
  if (parser.parse(answer).get(root) != simdjson::SUCCESS || root["nodes"].get(nodes) != simdjson::SUCCESS
      || root["aggregates"].get(aggregates) != simdjson::SUCCESS)
    return std::nullopt;
  pipeline_status out;
  out.pipeline = text_of(root, "pipeline");
  out.supervisor = text_of(root, "supervisor");
  for (const auto [name, number] : aggregates)
    if (double value = 0; number.get(value) == simdjson::SUCCESS)
      out.aggregates.emplace_back(name, value);
  for (const auto node : nodes) {
    auto& status = out.nodes.emplace_back();
    status.node = text_of(node, "node");
    status.phase = text_of(node, "phase");
    status.reason = text_of(node, "reason");
    status.url = text_of(node, "url");
    simdjson::dom::array lanes;
    if (node["age_ms"].get(status.age_ms) != simdjson::SUCCESS || node["lanes"].get(lanes) != simdjson::SUCCESS)
      return std::nullopt;
    for (const auto lane : lanes)
      if (!parse(lane, status.lanes.emplace_back()))
        return std::nullopt;
  }
  return out;
}

} // namespace

core::result<pipeline_status> status_of(const std::string& url) {
  auto answer = io::http_call("GET", url + "/api/v1/cluster");
  if (!answer)
    return tl::unexpected{answer.error()};
  auto status = answer->status == 200 ? parse(answer->body) : std::nullopt;
  if (!status)
    return core::fail(url + " does not answer as a node of Weir does");
  status->url = url;
  status->text = std::move(answer->body);
  return *std::move(status);
}

} // namespace weir::cli
