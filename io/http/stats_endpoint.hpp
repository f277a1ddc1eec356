#pragma once

#include "core/base/result.hpp"
#include "io/http/endpoint_files.hpp"
#include "io/http/http_server.hpp"
#include "io/http/stats_service.hpp"

#include <memory>
#include <string>

namespace weir::io {

/// A node's stats_service on an HTTP server of its own. Announces it by an endpoint file and a token, and removes both
/// in the end.
class stats_endpoint {
public:
  /// Where neither says a port and the default one is taken, it takes the next that is free.
  /// @param port overrides the pipeline's; < 0: does not
  static core::result<std::unique_ptr<stats_endpoint>> open(stats_service_parts parts, int port);

  std::string url() const { return server_->url(); }
  int port() const noexcept { return server_->port(); }

private:
  stats_endpoint(std::unique_ptr<http_server> server, std::unique_ptr<announced_endpoint> announced) :
      server_{std::move(server)}, announced_{std::move(announced)} {}

  std::unique_ptr<http_server> server_;
  std::unique_ptr<announced_endpoint> announced_;
};

} // namespace weir::io
