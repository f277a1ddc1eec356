#pragma once

#include <functional>
#include <string>

namespace weir::io {

struct http_request {
  std::string method;        ///< GET, POST, ... as it came
  std::string path;          ///< without the query
  std::string query;         ///< behind `?`; may be empty
  std::string authorization; ///< the header's value; may be empty
  std::string body;
  std::string host; ///< the header's value; may be empty
};

struct http_response {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  std::string allow;     ///< the `Allow` header of a 405
  std::string challenge; ///< the `WWW-Authenticate` header of a 401
};

/// From a request to its response. It runs on the server's one thread and should not block.
using http_handler = std::function<http_response(const http_request&)>;

} // namespace weir::io
