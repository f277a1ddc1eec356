#include "io/http/access_token.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

namespace weir::io {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t least_characters = 16;

bool equal_ignoring_case(std::string_view a, std::string_view lower) noexcept {
  if (a.size() != lower.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if ((a[i] | 0x20) != lower[i])
      return false;
  return true;
}

} // namespace

core::result<std::string> new_token() {
  std::array<unsigned char, token_bytes> random{};
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    return core::fail(std::string{"the system gives no random bytes: "} + std::strerror(errno));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string token;
  for (const auto byte : random) {
    token += digits[byte >> 4];
    token += digits[byte & 15];
  }
  return token;
}

core::result<void> write_token(const std::string& path, const std::string& token) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), ignored);
  // Made anew, never opened: a file or link that somebody else put there must not get it.
  ::unlink(path.c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  const auto line = token + "\n";
  const bool is_written = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const int problem = errno;
  if (fd >= 0)
    ::close(fd);
  if (!is_written)
    return core::fail("cannot write '" + path + "': " + std::strerror(problem), {},
                      "choose another folder with state.dir");
  return {};
}

core::result<std::string> read_token(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  if (!file || !std::getline(file, line))
    return core::fail("cannot read a token from '" + path + "'");
  const auto begin = line.find_first_not_of(" \t\r");
  const auto end = line.find_last_not_of(" \t\r");
  line = begin == std::string::npos ? std::string{} : line.substr(begin, end - begin + 1);
  if (line.size() < least_characters)
    return core::fail("the token in '" + path + "' is shorter than " + std::to_string(least_characters)
                      + " characters");
  return line;
}

std::string_view bearer_token(std::string_view authorization) noexcept {
  const auto blank = authorization.find(' ');
  if (blank == std::string_view::npos || !equal_ignoring_case(authorization.substr(0, blank), "bearer"))
    return {};
  const auto begin = authorization.find_first_not_of(' ', blank);
  return begin == std::string_view::npos ? std::string_view{} : authorization.substr(begin);
}

bool same_token(std::string_view a, std::string_view b) noexcept {
  auto differs = static_cast<unsigned char>(a.size() != b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    differs = static_cast<unsigned char>(differs | (a[i] ^ (b.empty() ? '\0' : b[i % b.size()])));
  return differs == 0;
}

} // namespace weir::io
