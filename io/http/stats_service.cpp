#include "io/http/stats_service.hpp"

#include "core/cluster/control_verb.hpp"
#include "core/stats/metrics_text.hpp"
#include "io/http/access_token.hpp"
#include "io/json_document.hpp"
#include "io/process_usage.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir::io {

namespace {

constexpr std::string_view control_prefix = "/api/v1/control/";

http_response failure(int status, const std::string& text) {
  json_document body;
  body.begin_object().member("error", text).end_object();
  http_response out;
  out.status = status;
  out.body = body.text();
  return out;
}

http_response wrong_method(const char* allowed) {
  auto out = failure(405, std::string{"only "} + allowed + " here");
  out.allow = allowed;
  return out;
}

http_response json(const json_document& body, int status = 200) {
  http_response out;
  out.status = status;
  out.body = body.text();
  return out;
}

std::string names_of_verbs() {
  std::string names;
  for (const auto* verb : core::control_verbs())
    names.append(names.empty() ? "" : ", ").append(verb->name);
  return names;
}

void write_ledger(json_document& out, const core::ledger_snapshot& ledger) {
  out.member("received", ledger.received)
      .member("emitted", ledger.emitted)
      .member("filtered", ledger.filtered)
      .member("dead_lettered", ledger.dead_lettered)
      .member("in_flight", ledger.in_flight);
}

/// A count that nobody has told yet is null.
void write_gauge(json_document& out, std::string_view name, std::int64_t value) {
  out.key(name);
  if (value == core::lane_stats::unknown)
    out.null();
  else
    out.value(value);
}

void write_lane(json_document& out, const core::lane_snapshot& lane, bool is_stalled) {
  out.begin_object().member("partition", value_of(lane.partition)).member("active", lane.active);
  out.member("stalled", is_stalled);
  write_ledger(out, lane.ledger);
  out.member("imbalance", lane.ledger.imbalance()).member("lag", lane.lag);
  write_gauge(out, "last_offset", lane.last_offset);
  write_gauge(out, "committed", lane.committed);
  write_gauge(out, "high_watermark", lane.high_watermark);
  write_gauge(out, "last_timestamp_ms", lane.last_timestamp);
  write_gauge(out, "last_progress_ms", lane.last_progress);
  out.member("bytes", lane.bytes).member("batches", lane.batches).member("alerts", lane.alerts);
  out.member("keys", lane.keys).member("evictions", lane.evictions).member("late", lane.late);
  out.key("latency_ms").begin_object();
  out.member("count", lane.latency.count);
  out.member("p50", lane.latency.quantile(0.5)).member("p99", lane.latency.quantile(0.99));
  out.end_object().end_object();
}

void write_lane(json_document& out, const core::lane_report& lane) {
  out.begin_object().member("partition", value_of(lane.partition)).member("active", lane.active);
  out.member("stalled", lane.stalled);
  write_ledger(out, lane.ledger);
  out.member("imbalance", lane.ledger.imbalance()).member("lag", lane.lag).member("alerts", lane.alerts);
  out.member("bytes_in_flight", lane.bytes_in_flight).end_object();
}

void write_aggregates(json_document& out, const core::cluster_view& view) {
  out.key("aggregates").begin_object();
  for (const auto& [name, value] : view.values)
    out.member(name, value);
  out.end_object();
}

void write_node(json_document& out, const core::cluster_view::member& member) {
  const auto& report = member.report;
  out.begin_object().member("node", report.node).member("phase", core::to_string(report.phase));
  out.member("ready", report.reason.empty());
  if (!report.reason.empty())
    out.member("reason", report.reason);
  out.member("url", report.url).member("age_ms", member.age_ms).member("resident_bytes", report.resident_bytes);
  out.key("lanes").begin_array();
  for (const auto& lane : report.lanes)
    write_lane(out, lane);
  out.end_array().end_object();
}

} // namespace

http_response stats_service::answer(const http_request& request, core::node_watch::time now) const {
  const std::string_view path = request.path;
  if (path.starts_with(control_prefix))
    return control(request, path.substr(control_prefix.size()));
  using page = http_response (stats_service::*)(core::node_watch::time) const;
  constexpr std::array<std::pair<std::string_view, page>, 6> pages{{{"/readyz", &stats_service::readyz},
                                                                    {"/api/v1/control", &stats_service::verbs},
                                                                    {"/metrics", &stats_service::metrics},
                                                                    {"/api/v1/cluster", &stats_service::cluster},
                                                                    {"/api/v1/stats", &stats_service::stats},
                                                                    {"/api/v1/lanes", &stats_service::lanes}}};
  const bool is_get = request.method == "GET" || request.method == "HEAD";
  for (const auto& [name, member] : pages)
    if (name == path)
      return is_get ? (this->*member)(now) : wrong_method("GET");
  if (path != "/healthz" && path != "/api/v1/config")
    return failure(404, "there is no " + request.path);
  if (!is_get)
    return wrong_method("GET");
  http_response out;
  out.body = path == "/healthz" ? "{\"status\":\"alive\"}\n" : describe(*parts_.pipeline);
  return out;
}

core::cluster_view stats_service::known() const {
  const auto view = parts_.board ? parts_.board->view() : nullptr;
  return view ? *view : core::cluster_view{};
}

http_response stats_service::readyz(core::node_watch::time now) const {
  parts_.watch->look(now);
  const auto state = parts_.watch->ready();
  json_document body;
  body.begin_object().member("ready", state.ready).member("phase", core::to_string(parts_.watch->phase()));
  if (!state.ready)
    body.member("reason", state.reason);
  body.end_object();
  return json(body, state.ready ? 200 : 503);
}

http_response stats_service::metrics(core::node_watch::time now) const {
  parts_.watch->look(now);
  const auto view = known();
  const bool is_supervisor = view.supervisor == parts_.node;
  http_response out;
  out.type = "text/plain; version=0.0.4; charset=utf-8";
  out.body = core::metrics_text(parts_.watch->lanes(), parts_.watch->ready().ready, parts_.watch->stalled().size(),
                                read_process_usage(), {parts_.pipeline->name, parts_.node, parts_.version},
                                is_supervisor ? &view : nullptr);
  return out;
}

http_response stats_service::stats(core::node_watch::time now) const {
  parts_.watch->look(now);
  const auto state = parts_.watch->ready();
  const auto totals = core::totals_of(parts_.watch->lanes());
  const auto process = read_process_usage();
  json_document body;
  body.begin_object();
  body.member("pipeline", parts_.pipeline->name).member("node", parts_.node).member("version", parts_.version);
  body.member("phase", core::to_string(parts_.watch->phase())).member("ready", state.ready);
  if (!state.ready)
    body.member("reason", state.reason);
  write_ledger(body, totals.ledger);
  body.member("imbalance", totals.imbalance).member("lag", totals.lag).member("alerts", totals.alerts);
  body.member("lanes", totals.lanes).member("stalled_lanes", parts_.watch->stalled().size());
  body.key("models").begin_array();
  for (const auto& model : parts_.models)
    body.begin_object().member("column", model.column).member("version", model.version).end_object();
  body.end_array();
  const auto view = known();
  write_aggregates(body, view);
  body.member("resident_bytes", process.resident_bytes).member("cpu_seconds", process.cpu_seconds);
  body.member("start_seconds", process.start_seconds);
  body.end_object();
  return json(body);
}

http_response stats_service::lanes(core::node_watch::time now) const {
  parts_.watch->look(now);
  const auto stalled = parts_.watch->stalled();
  json_document body;
  body.begin_object().member("pipeline", parts_.pipeline->name).member("node", parts_.node);
  body.key("lanes").begin_array();
  for (const auto& lane : parts_.watch->lanes())
    write_lane(body, lane, std::find(stalled.begin(), stalled.end(), lane.partition) != stalled.end());
  body.end_array().end_object();
  return json(body);
}

http_response stats_service::cluster(core::node_watch::time now) const {
  parts_.watch->look(now);
  auto view = known();
  // What it knows of itself is newer than what it has heard.
  auto self = std::find_if(view.nodes.begin(), view.nodes.end(),
                           [&](const auto& member) { return member.report.node == parts_.node; });
  if (self == view.nodes.end()) {
    self = view.nodes.emplace(self);
    self->report.node = parts_.node;
  }
  self->report = core::report_of(self->report, *parts_.watch, read_process_usage().resident_bytes);
  self->age_ms = 0;
  json_document body;
  body.begin_object().member("pipeline", parts_.pipeline->name);
  body.key("supervisor");
  if (view.supervisor.empty())
    body.null();
  else
    body.value(view.supervisor);
  body.member("term", view.term).member("goal", core::to_string(view.wanted));
  body.member("paused", view.wanted == core::goal::paused).member("stopping", view.wanted == core::goal::stopped);
  write_aggregates(body, view);
  body.key("nodes").begin_array();
  for (const auto& member : view.nodes)
    write_node(body, member);
  body.end_array().end_object();
  return json(body);
}

http_response stats_service::verbs(core::node_watch::time) const {
  json_document body;
  body.begin_object().key("verbs").begin_array();
  for (const auto* verb : core::control_verbs())
    body.begin_object().member("name", verb->name).member("help", verb->help).end_object();
  body.end_array().end_object();
  return json(body);
}

http_response stats_service::control(const http_request& request, std::string_view name) const {
  const auto* verb = core::find_control_verb(name);
  if (verb == nullptr)
    return failure(404, "there is no " + request.path + ": " + names_of_verbs());
  if (request.method != "POST")
    return wrong_method("POST");
  const auto token = bearer_token(request.authorization);
  if (token.empty()) {
    auto out = failure(401, "this needs the header 'Authorization: Bearer TOKEN'");
    out.challenge = "Bearer";
    return out;
  }
  if (!same_token(token, parts_.token))
    return failure(403, "this is not the token of this node");
  if (!parts_.control(verb->wants))
    return failure(503, "the node is starting");
  json_document body;
  body.begin_object().member("accepted", verb->name).end_object();
  return json(body, 202);
}

} // namespace weir::io
