#include "io/http/stats_service.hpp"

#include "core/cluster/control_verb.hpp"
#include "core/stats/metrics_text.hpp"
#include "io/http/access_token.hpp"
#include "io/http/host_check.hpp"
#include "io/http/model_description.hpp"
#include "io/json_document.hpp"
#include "io/process_usage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
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

std::optional<config::wanted_setting> read_wanted_setting(const std::string& body) {
  rapidjson::Document whole;
  whole.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  const auto is_text = [&](const char* name) { return whole.HasMember(name) && whole[name].IsString(); };
  if (whole.HasParseError() || !whole.IsObject() || !is_text("name") || !is_text("value"))
    return std::nullopt;
  const auto text_of = [&](const char* name) {
    return std::string{whole[name].GetString(), whole[name].GetStringLength()};
  };
  return config::wanted_setting{text_of("name"), text_of("value")};
}

std::string names_of_verbs() {
  std::string names;
  for (const auto* verb : core::control_verbs())
    names.append(names.empty() ? "" : ", ").append(verb->name);
  return names;
}

/// What nobody has told yet is null.
void write_figures(json_document& out, const core::lane_values& values, std::uint8_t place) {
  const auto figures = core::lane_figures();
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if ((figures[i].places & place) == 0)
      continue;
    out.key(figures[i].name);
    if (figures[i].is_known(values.by_index[i]))
      out.value(values.by_index[i]);
    else
      out.null();
  }
}

void write_lane(json_document& out, const core::lane_snapshot& lane, bool is_stalled) {
  out.begin_object().member("partition", value_of(lane.partition)).member("active", lane.active);
  out.member("stalled", is_stalled);
  write_figures(out, lane.figures, core::figure_place::lanes);
  out.key("latency_ms").begin_object();
  out.member("count", lane.latency.count);
  out.member("p50", lane.latency.quantile(0.5)).member("p99", lane.latency.quantile(0.99));
  out.end_object().end_object();
}

void write_lane(json_document& out, const core::lane_report& lane) {
  out.begin_object().member("partition", value_of(lane.partition)).member("active", lane.active);
  out.member("stalled", lane.stalled);
  write_figures(out, lane.figures, core::figure_place::cluster);
  out.end_object();
}

void write_node_figures(json_document& out, const core::node_moment& now) {
  for (const auto& f : core::node_figures()) {
    if (f.name.empty())
      continue;
    if (f.unit == core::figure_unit::seconds)
      out.member(f.name, f.read(now));
    else
      out.member(f.name, static_cast<std::int64_t>(f.read(now)));
  }
}

void write_aggregates(json_document& out, const core::cluster_view& view) {
  out.key("aggregates").begin_object();
  for (const auto& [name, value] : view.values)
    out.member(name, value);
  out.end_object();
}

/// JSON has no infinity.
void write_number(json_document& out, std::string_view name, double value) {
  out.key(name);
  if (std::isfinite(value))
    out.value(value);
  else
    out.null();
}

/// Null before the first verdict.
void write_drift(json_document& out, const core::drift_standing& drift) {
  out.key("drift");
  if (drift.window == 0) {
    out.null();
    return;
  }
  out.begin_object().member("window", drift.window).member("records", drift.records);
  out.member("baseline_records", drift.baseline_records).member("at_ms", drift.at_ms);
  out.member("drifting", drift.drifting()).member("drift_percent", 100 * drift.drift_share);
  out.key("columns").begin_array();
  for (const auto& column : drift.columns) {
    const auto& verdict = column.verdict;
    out.begin_object().member("column", column.name).member("as", column.as).member("drifts", column.is_drift);
    out.member("drift_percent", verdict.drift_percent).member("chance_percent", verdict.chance_percent);
    out.member("p_value", verdict.p_value).member("adjusted_p_value", column.adjusted_p_value);
    out.key("methods").begin_array();
    for (const auto& one : verdict.methods) {
      out.begin_object().member("method", core::name_of(one.method));
      write_number(out, "statistic", one.statistic);
      out.member("p_value", one.p_value);
      write_number(out, "effect", one.effect);
      out.member("drifts", one.is_drift).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
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
  if (is_loopback_address(parts_.pipeline->stats.listen) && !is_loopback_host(request.host))
    return failure(421, "this is not '" + request.host + "': ask it by its address or as localhost");
  if (path.starts_with(control_prefix))
    return control(request, path.substr(control_prefix.size()));
  using page = http_response (stats_service::*)(core::node_watch::time) const;
  constexpr std::array<std::pair<std::string_view, page>, 7> pages{{{"/readyz", &stats_service::readyz},
                                                                    {"/api/v1/control", &stats_service::verbs},
                                                                    {"/metrics", &stats_service::metrics},
                                                                    {"/api/v1/cluster", &stats_service::cluster},
                                                                    {"/api/v1/models", &stats_service::models},
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
  const auto all = parts_.watch->lanes();
  const auto totals = core::totals_of(all);
  json_document body;
  body.begin_object();
  body.member("pipeline", parts_.pipeline->name).member("node", parts_.node).member("version", parts_.version);
  body.member("phase", core::to_string(parts_.watch->phase())).member("ready", state.ready);
  if (!state.ready)
    body.member("reason", state.reason);
  write_figures(body, core::sum_of(all), core::figure_place::totals);
  const auto view = known();
  write_node_figures(body, {.lanes = totals.lanes,
                            .stalled = parts_.watch->stalled().size(),
                            .is_ready = state.ready,
                            .is_supervisor = view.supervisor == parts_.node,
                            .process = read_process_usage()});
  body.key("models").begin_array();
  const auto models = parts_.models ? parts_.models->models() : nullptr;
  for (const auto& model : models ? models->models() : std::vector<config::model_in_use>{})
    body.begin_object().member("column", model.column).member("version", model.version).end_object();
  body.end_array();
  write_aggregates(body, view);
  write_drift(body, view.drift);
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

core::cluster_view stats_service::current_view() const {
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
  if (const auto models = parts_.models ? parts_.models->models() : nullptr) {
    self->report.models = models->choice();
    self->report.contests = parts_.models->report();
  }
  return view;
}

http_response stats_service::models(core::node_watch::time now) const {
  parts_.watch->look(now);
  http_response out;
  out.body = describe_models(parts_.pipeline->name, parts_.plan->slots, *parts_.models->models(), current_view());
  return out;
}

http_response stats_service::cluster(core::node_watch::time now) const {
  parts_.watch->look(now);
  const auto view = current_view();
  json_document body;
  body.begin_object().member("pipeline", parts_.pipeline->name).member("node", parts_.node);
  body.key("supervisor");
  if (view.supervisor.empty())
    body.null();
  else
    body.value(view.supervisor);
  body.member("term", view.term).member("goal", core::to_string(view.wanted));
  body.member("partitions", parts_.watch->source_partitions());
  body.member("paused", view.wanted == core::goal::paused).member("stopping", view.wanted == core::goal::stopped);
  write_aggregates(body, view);
  write_drift(body, view.drift);
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
  if (!verb->wants)
    return change_setting(request);
  if (!parts_.control(*verb->wants))
    return failure(503, "the node is starting");
  json_document body;
  body.begin_object().member("accepted", verb->name).end_object();
  return json(body, 202);
}

http_response stats_service::change_setting(const http_request& request) const {
  const auto wanted = read_wanted_setting(request.body);
  if (!wanted)
    return failure(400, R"(this needs a body like {"name":"infer.risk.model","value":"risk.onnx"})");
  const auto wish = parts_.change(*wanted);
  if (!wish)
    return failure(503, "the node is starting");
  if (!*wish)
    return failure(409, wish->error().text());
  json_document body;
  body.begin_object().member("accepted", wanted->name).member("wish", wish_text((*wish)->id)).end_object();
  return json(body, 202);
}

} // namespace weir::io
