#pragma once

#include "core/base/result.hpp"
#include "io/http/http_server.hpp"
#include "io/http/stats_service.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::io {

/// Where a running node listens, as its endpoint file says: `<state_dir>/<pipeline>-<node>.endpoint`.
struct endpoint_file {
  std::string path;
  std::string pipeline; ///< empty where only the url is known
  std::string url;
  std::string token_file;
};

/// The endpoint files in a folder, of one pipeline or (empty) of all, by name. A node that was killed leaves its own
/// behind.
std::vector<endpoint_file> find_endpoints(const std::string& state_dir, const std::string& pipeline);

/// A node's stats_service on an HTTP server of its own. Makes the token and the endpoint file, and removes the endpoint
/// file in the end.
class stats_endpoint {
public:
  /// @param port overrides the pipeline's; < 0: does not
  static core::result<std::unique_ptr<stats_endpoint>> open(stats_service_parts parts, int port);
  ~stats_endpoint();

  std::string url() const { return server_->url(); }

private:
  stats_endpoint(std::unique_ptr<http_server> server, std::string file) :
      server_{std::move(server)}, file_{std::move(file)} {}

  std::unique_ptr<http_server> server_;
  std::string file_;
};

} // namespace weir::io
