#pragma once

#include "core/base/result.hpp"
#include "io/http/http_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace weir::io {

struct http_server_options {
  std::string address = "127.0.0.1";         ///< a numeric IPv4 or IPv6 address, or `localhost`
  int port = 0;                              ///< 0: any free one
  int ports = 1;                             ///< that are tried, from that one on, while they are taken
  std::chrono::milliseconds timeout{10'000}; ///< for a whole request to come, and for its answer to go
  std::uint32_t header_bytes = 8u << 10;     ///< of one request; more is answered by 431
  std::uint64_t body_bytes = 64u << 10;      ///< of one request; more is answered by 413
  std::size_t connections = 64;              ///< open at a time; one more is closed at once
};

/// A small HTTP/1.1 server on a thread of its own, with keep-alive. What it holds in memory is bounded, whoever calls:
/// the connections, a request, and the time that a slow client may take. It answers what is not HTTP by 400. No TLS.
class http_server {
public:
  /// Listens and serves. A port that is taken or an address that is not this machine's is an error.
  static core::result<std::unique_ptr<http_server>> start(const http_server_options& options, http_handler handler);

  /// Ends at once; a response that is under way may be cut off.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  int port() const noexcept;

  /// `http://127.0.0.1:9187`. A server that listens on all addresses gives the loopback one.
  std::string url() const;

private:
  struct parts;
  explicit http_server(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace weir::io
