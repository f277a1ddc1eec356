#include "io/http/stats_endpoint.hpp"

#include "io/http/access_token.hpp"

namespace weir::io {

namespace {

/// Pipelines that say nothing of a port each find one of their own.
constexpr int ports_of_default = 100;

} // namespace

core::result<std::unique_ptr<stats_endpoint>> stats_endpoint::open(stats_service_parts parts, int port) {
  const auto& settings = parts.pipeline->stats;
  announced_endpoint::content files{.state_dir = parts.pipeline->state_dir,
                                    .pipeline = parts.pipeline->name,
                                    .node = parts.node,
                                    .url = {},
                                    .token_file = settings.token_file,
                                    .token = {}};
  const auto token = files.token_file.empty() ? new_token() : read_token(files.token_file);
  if (!token)
    return tl::unexpected{token.error()};
  files.token = parts.token = *token;

  http_server_options options;
  options.address = settings.listen;
  options.port = port < 0 ? settings.port : port;
  if (port < 0 && settings.port == config::stats_settings{}.port)
    options.ports = ports_of_default;
  auto server = http_server::start(options, [service = stats_service{std::move(parts)}](const http_request& request) {
    return service.answer(request, std::chrono::steady_clock::now());
  });
  if (!server)
    return core::fail(server.error().what, {}, "choose another port with --stats-port; 0 takes any free one");
  // Only now: a process that has the port keeps its token.
  files.url = (*server)->url();
  auto announced = announced_endpoint::write(files);
  if (!announced)
    return tl::unexpected{announced.error()};
  return std::unique_ptr<stats_endpoint>{new stats_endpoint{std::move(*server), std::move(*announced)}};
}

} // namespace weir::io
