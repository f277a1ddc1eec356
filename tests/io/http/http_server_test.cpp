#include "io/http/http_client.hpp"
#include "io/http/http_server.hpp"

#include <string>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::io {
namespace {

using namespace std::chrono_literals;

/// A client that says exactly what a test wants.
class raw_client {
public:
  explicit raw_client(int port) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
    const timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~raw_client() { ::close(fd_); }
  raw_client(const raw_client&) = delete;

  void say(const std::string& text) { EXPECT_GE(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL), 0); }

  /// Everything until the server closes.
  std::string rest() {
    std::string out;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;)
      out.append(buffer, static_cast<std::size_t>(size));
    return out;
  }

private:
  int fd_;
};

class http_server_test : public ::testing::Test {
protected:
  void serve(http_server_options options = {}) {
    auto started = http_server::start(options, [](const http_request& request) {
      http_response out;
      out.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
      return out;
    });
    ASSERT_TRUE(started) << started.error().text();
    server = std::move(*started);
  }

  std::string said(const std::string& request) {
    raw_client client{server->port()};
    client.say(request);
    return client.rest();
  }

  std::unique_ptr<http_server> server;
};

TEST_F(http_server_test, hands_method_path_query_and_body_to_the_handler) {
  serve();
  const auto answer = said("POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("POST /a/b?c=d abc")) << answer;
}

TEST_F(http_server_test, answers_several_requests_on_one_connection) {
  serve();
  const auto answer = said("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("GET /1?"), std::string::npos);
  EXPECT_NE(answer.find("GET /2?"), std::string::npos);
}

TEST_F(http_server_test, answers_head_without_a_body) {
  serve();
  const auto answer = said("HEAD /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 9\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(http_server_test, refuses_what_is_not_http) {
  serve();
  EXPECT_TRUE(said("hello\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(said("GET / HTTP/1.1\r\nContent-Length: minus\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(said(std::string("GET /\0 HTTP/1.1\r\n\r\n", 19)).starts_with("HTTP/1.1 400"));
}

TEST_F(http_server_test, refuses_a_header_that_is_too_large) {
  serve();
  EXPECT_TRUE(said("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n").starts_with("HTTP/1.1 431"));
}

TEST_F(http_server_test, refuses_a_body_that_is_too_large_before_it_has_come) {
  serve();
  EXPECT_TRUE(said("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n").starts_with("HTTP/1.1 413"));
}

TEST_F(http_server_test, closes_the_connection_of_a_client_that_is_too_slow) {
  http_server_options options;
  options.timeout = 50ms;
  serve(options);
  EXPECT_EQ(said("GET / HTTP/1.1\r\nHo"), "");
  EXPECT_EQ(said(""), "");
}

TEST_F(http_server_test, takes_no_more_connections_than_it_may_and_takes_them_again) {
  http_server_options options;
  options.connections = 1;
  options.timeout = 300ms;
  serve(options);
  raw_client first{server->port()};
  first.say("GET / HT");
  raw_client second{server->port()};
  EXPECT_EQ(second.rest(), "");
  EXPECT_EQ(first.rest(), "");
  // The first one's connection has been given up: there is room, at the latest after another try.
  auto answer = http_call("GET", server->url() + "/x");
  for (int i = 0; i < 100 && !answer; ++i)
    answer = http_call("GET", server->url() + "/x");
  EXPECT_TRUE(answer);
}

TEST_F(http_server_test, says_that_a_port_is_taken) {
  serve();
  http_server_options options;
  options.port = server->port();
  const auto second = http_server::start(options, [](const http_request&) { return http_response{}; });
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("in use"), std::string::npos) << second.error().what;
}

TEST_F(http_server_test, takes_the_next_port_that_is_free_where_it_may) {
  serve();
  http_server_options options;
  options.port = server->port();
  options.ports = 50;
  const auto second = http_server::start(options, [](const http_request&) { return http_response{}; });
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_GT((*second)->port(), server->port());
  EXPECT_LT((*second)->port(), server->port() + 50);
}

TEST_F(http_server_test, ends_while_a_client_waits) {
  serve();
  raw_client client{server->port()};
  client.say("GET /");
  server.reset();
  EXPECT_EQ(client.rest(), "");
}

class http_client_test : public http_server_test {};

TEST_F(http_client_test, hands_back_status_type_and_body) {
  serve();
  const auto answer = http_call("GET", server->url() + "/x?y");
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->type, "application/json");
  EXPECT_EQ(answer->body, "GET /x?y ");
}

TEST_F(http_client_test, says_that_nothing_answers) {
  serve();
  const auto url = server->url();
  server.reset();
  const auto answer = http_call("GET", url);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().what.find(url), std::string::npos);
}

TEST_F(http_client_test, refuses_what_is_not_an_address) {
  for (const auto* url : {"", "localhost:1", "https://x", "http://", "http://x:", "http://x/a b"})
    EXPECT_FALSE(http_call("GET", url)) << url;
}

} // namespace
} // namespace weir::io
