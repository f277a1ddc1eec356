// The server and the client together: Boost.Beast is dear to compile, so it is included here and nowhere else.

#include "io/http/http_client.hpp"
#include "io/http/http_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <array>
#include <optional>
#include <thread>
#include <utility>

namespace weir::io {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto lingering = std::chrono::seconds{1};
constexpr auto pause_without_descriptors = std::chrono::milliseconds{100};
constexpr std::uint64_t longest_answer = 16u << 20;

/// What the connections of a server share.
struct site {
  http_server_options options;
  http_handler handler;
  std::size_t open = 0;
};

http_request request_of(http::request<http::string_body>&& from) {
  http_request out;
  out.method = std::string{from.method_string()};
  const auto target = std::string{from.target()};
  const auto question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string::npos)
    out.query = target.substr(question + 1);
  out.authorization = std::string{from[http::field::authorization]};
  out.host = std::string{from[http::field::host]};
  out.body = std::move(from.body());
  return out;
}

/// One connection: reads a request, writes its response, and so on until either side has enough.
class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, site& shared) :
      stream_{std::move(socket)}, buffer_{shared.options.header_bytes + shared.options.body_bytes}, site_{shared} {
    ++site_.open;
  }
  ~session() { --site_.open; }

  void read() {
    parser_.emplace();
    parser_->header_limit(site_.options.header_bytes);
    parser_->body_limit(site_.options.body_bytes);
    stream_.expires_after(site_.options.timeout);
    http::async_read(stream_, buffer_, *parser_, beast::bind_front_handler(&session::on_read, shared_from_this()));
  }

private:
  void on_read(error_code failed, std::size_t) {
    if (!failed) {
      const bool keep = parser_->keep_alive();
      const bool is_head = parser_->get().method() == http::verb::head;
      const auto version = parser_->get().version();
      answer(site_.handler(request_of(parser_->release())), version, keep, is_head);
    } else if (const int status = status_of(failed); status != 0) {
      http_response refusal;
      refusal.status = status;
      refusal.body =
          "{\"error\":\"" + std::string{http::obsolete_reason(http::int_to_status(unsigned(status)))} + "\"}\n";
      answer(std::move(refusal), 11, false, false);
    }
  }

  /// What to answer to a request that could not be read; 0: nothing, the client is gone or too slow.
  static int status_of(error_code failed) {
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
      return 431;
    if (failed == http::error::body_limit)
      return 413;
    if (failed == http::error::end_of_stream || failed == http::error::partial_message
        || failed == beast::error::timeout)
      return 0;
    return failed.category() == make_error_code(http::error::bad_method).category() ? 400 : 0;
  }

  void answer(http_response from, unsigned version, bool keep, bool is_head) {
    out_.emplace(http::int_to_status(static_cast<unsigned>(from.status)), version);
    out_->set(http::field::server, "weir");
    out_->set(http::field::content_type, from.type);
    out_->set(http::field::cache_control, "no-store");
    if (!from.allow.empty())
      out_->set(http::field::allow, from.allow);
    if (!from.challenge.empty())
      out_->set(http::field::www_authenticate, from.challenge);
    out_->keep_alive(keep);
    out_->content_length(from.body.size());
    if (!is_head)
      out_->body() = std::move(from.body);
    stream_.expires_after(site_.options.timeout);
    http::async_write(stream_, *out_, [self = shared_from_this(), keep](error_code failed, std::size_t) {
      if (!failed && keep)
        self->read();
      else if (!failed)
        self->close();
    });
  }

  /// Says that no more will come, and takes in for a moment what the client still sends: a socket that is closed with
  /// unread bytes would take the response back.
  void close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(lingering);
    drain();
  }

  void drain() {
    stream_.async_read_some(asio::buffer(rest_), [self = shared_from_this()](error_code failed, std::size_t size) {
      self->drained_ += size;
      if (!failed && self->drained_ < self->site_.options.body_bytes * 16)
        self->drain();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  site& site_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> out_;
  std::array<char, 4096> rest_{};
  std::uint64_t drained_ = 0;
};

core::result<tcp::endpoint> endpoint_of(const http_server_options& options) {
  error_code failed;
  const auto address = asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, failed);
  if (failed)
    return core::fail("'" + options.address + "' is not a numeric address", {}, "for example 127.0.0.1 or ::1");
  return tcp::endpoint{address, static_cast<std::uint16_t>(options.port)};
}

error_code listen(tcp::acceptor& acceptor, const tcp::endpoint& at) {
  error_code failed;
  error_code ignored;
  acceptor.close(ignored);
  acceptor.open(at.protocol(), failed);
  if (!failed)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed)
    acceptor.bind(at, failed);
  if (!failed)
    acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  return failed;
}

} // namespace

struct http_server::parts {
  site shared; // outlives the connections, which the context holds
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer later{context};
  std::thread thread;

  void accept() {
    acceptor.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted)
        return;
      if (failed) { // no descriptors left: they come back
        later.expires_after(pause_without_descriptors);
        later.async_wait([this](error_code stopped) {
          if (!stopped)
            accept();
        });
        return;
      }
      if (shared.open < shared.options.connections)
        std::make_shared<session>(std::move(socket), shared)->read();
      accept();
    });
  }
};

core::result<std::unique_ptr<http_server>> http_server::start(const http_server_options& options,
                                                              http_handler handler) {
  const auto at = endpoint_of(options);
  if (!at)
    return tl::unexpected{at.error()};
  auto made = std::make_unique<parts>();
  made->shared.options = options;
  made->shared.handler = std::move(handler);
  auto where = *at;
  auto failed = listen(made->acceptor, where);
  for (int tried = 1; failed == asio::error::address_in_use && tried < options.ports; ++tried) {
    where.port(static_cast<std::uint16_t>(at->port() + tried));
    failed = listen(made->acceptor, where);
  }
  if (failed)
    return core::fail("cannot listen on " + options.address + ":" + std::to_string(options.port) + ": "
                      + failed.message());
  made->accept();
  made->thread = std::thread{[&context = made->context] { context.run(); }};
  return std::unique_ptr<http_server>{new http_server{std::move(made)}};
}

http_server::http_server(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

http_server::~http_server() {
  parts_->context.stop();
  parts_->thread.join();
}

int http_server::port() const noexcept {
  error_code ignored;
  return parts_->acceptor.local_endpoint(ignored).port();
}

std::string http_server::url() const {
  error_code ignored;
  auto address = parts_->acceptor.local_endpoint(ignored).address();
  if (address.is_unspecified())
    address = address.is_v6() ? asio::ip::address{asio::ip::address_v6::loopback()}
                              : asio::ip::address{asio::ip::address_v4::loopback()};
  const auto text = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return "http://" + text + ":" + std::to_string(port());
}

namespace {

struct url_parts {
  std::string host;
  std::string port = "80";
  std::string target = "/";
};

std::optional<url_parts> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme))
    return std::nullopt;
  url.remove_prefix(scheme.size());
  url_parts out;
  const auto slash = url.find('/');
  auto host = url.substr(0, slash);
  if (slash != std::string_view::npos)
    out.target = std::string{url.substr(slash)};
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    out.port = std::string{host.substr(colon + 1)};
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  out.host = std::string{host};
  if (out.host.empty() || out.port.empty() || out.target.find_first_of(" \r\n") != std::string::npos)
    return std::nullopt;
  return out;
}

/// One request: each step starts the next one, and the first that fails is the last.
class call {
public:
  call(const std::string& method, url_parts to, const std::string& authorization, const std::string& body) :
      to_{std::move(to)} {
    request_.method_string(method);
    request_.target(to_.target);
    request_.version(11);
    request_.set(http::field::host, to_.host);
    request_.set(http::field::user_agent, "weir");
    request_.keep_alive(false);
    if (!authorization.empty())
      request_.set(http::field::authorization, authorization);
    if (!body.empty())
      request_.set(http::field::content_type, "application/json");
    request_.body() = body;
    request_.prepare_payload();
    parser_.body_limit(longest_answer);
  }

  error_code run(std::chrono::milliseconds timeout) {
    tcp::resolver resolver{context_};
    const auto found = resolver.resolve(to_.host, to_.port, result_);
    if (result_)
      return result_;
    stream_.expires_after(timeout);
    stream_.async_connect(found, [this](error_code failed, const tcp::endpoint&) {
      if (proceeds(failed))
        write();
    });
    context_.run();
    return result_;
  }

  http_response answer() {
    auto message = parser_.release();
    http_response out;
    out.status = static_cast<int>(message.result_int());
    out.type = std::string{message[http::field::content_type]};
    out.body = std::move(message.body());
    return out;
  }

private:
  bool proceeds(error_code failed) {
    result_ = failed;
    return !failed;
  }

  void write() {
    http::async_write(stream_, request_, [this](error_code failed, std::size_t) {
      if (proceeds(failed))
        http::async_read(stream_, buffer_, parser_, [this](error_code ended, std::size_t) { proceeds(ended); });
    });
  }

  url_parts to_;
  asio::io_context context_{1};
  beast::tcp_stream stream_{context_};
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> parser_;
  error_code result_;
};

} // namespace

core::result<http_response> http_call(const std::string& method, const std::string& url,
                                      const std::string& authorization, std::chrono::milliseconds timeout,
                                      const std::string& body) {
  const auto to = parse_url(url);
  if (!to)
    return core::fail("'" + url + "' is not an address", {}, "for example http://127.0.0.1:9187");
  call request{method, *to, authorization, body};
  if (const auto failed = request.run(timeout))
    return core::fail("no answer from " + url + ": " + failed.message());
  return request.answer();
}

} // namespace weir::io
