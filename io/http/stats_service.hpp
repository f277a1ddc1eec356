#pragma once

#include "config/compile.hpp"
#include "config/model_board.hpp"
#include "config/model_wish.hpp"
#include "config/pipeline.hpp"
#include "core/cluster/cluster_board.hpp"
#include "core/stats/node_watch.hpp"
#include "io/http/http_message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::io {

struct stats_service_parts {
  std::shared_ptr<const config::pipeline> pipeline;
  std::string node;
  std::string version; ///< of the program
  std::shared_ptr<core::node_watch> watch;
  std::string token; ///< what a POST must bear
  /// Does what was asked for, soon; called from the server's thread. False: not now, the node is still starting.
  std::function<bool(core::goal)> control;
  /// Does what was asked for, soon, once it has looked whether it can: it loads the model. Nothing: not now, as above.
  std::function<std::optional<core::result<core::model_wish>>(const config::wanted_setting&)> change{};
  std::shared_ptr<const core::cluster_board> board{}; ///< what the supervisor tells
  std::shared_ptr<const config::lane_plan> plan{};
  std::shared_ptr<const config::model_board> models{}; ///< what the node scores with
};

/// What a node answers over HTTP, without the HTTP: a request in, a response out.
///
///   GET  /healthz                     the process lives
///   GET  /readyz                      200 when the node does its work; else 503 and the reason
///   GET  /metrics                     Prometheus
///   GET  /api/v1/stats                totals of the node and its process, the cluster-wide aggregates, and drift
///   GET  /api/v1/lanes                each lane
///   GET  /api/v1/cluster              all nodes and their lanes, the cluster-wide aggregates, and drift
///   GET  /api/v1/models               what each step scores with, and how a change of models stands
///   GET  /api/v1/config               the pipeline as it was understood, without values that may be secret
///   GET  /api/v1/control              the control verbs, and what each is for
///   POST /api/v1/control/{verb}       steers the pipeline on all nodes; needs `Authorization: Bearer ...`
///
/// A snapshot is made for each request; the record path does nothing for it. Errors are JSON: {"error": "..."}.
class stats_service {
public:
  explicit stats_service(stats_service_parts parts) : parts_{std::move(parts)} {}

  /// @param now for the watch
  http_response answer(const http_request& request, core::node_watch::time now) const;

private:
  core::cluster_view known() const; ///< of the pipeline; empty before the supervisor has told
  http_response readyz(core::node_watch::time now) const;
  http_response metrics(core::node_watch::time now) const;
  http_response stats(core::node_watch::time now) const;
  http_response lanes(core::node_watch::time now) const;
  http_response cluster(core::node_watch::time now) const;
  core::cluster_view current_view() const; ///< known(), with what this node knows of itself
  http_response models(core::node_watch::time now) const;
  http_response verbs(core::node_watch::time now) const;
  http_response control(const http_request& request, std::string_view name) const;
  http_response change_setting(const http_request& request) const;

  stats_service_parts parts_;
};

/// The pipeline as JSON. Values of librdkafka's properties and texts that hold a value from the environment stand as
/// `***`.
std::string describe(const config::pipeline& pipeline);

} // namespace weir::io
