#pragma once

#include "core/base/result.hpp"
#include "io/http/http_message.hpp"

#include <chrono>
#include <string>

namespace weir::io {

/// One request on a connection of its own: `method` on `http://host[:port]/path`. Blocks for `timeout` at most (the
/// name service apart). Whatever the server answers is a result; an error is that nothing answered, or nothing that is
/// HTTP. An answer of more than 16 MiB is an error.
/// @param authorization value of the header; empty: none
/// @param body JSON; empty: none
core::result<http_response> http_call(const std::string& method, const std::string& url,
                                      const std::string& authorization = {},
                                      std::chrono::milliseconds timeout = std::chrono::seconds{5},
                                      const std::string& body = {});

} // namespace weir::io
