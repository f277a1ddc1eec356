#include "io/kafka/member_name.hpp"

#include "core/base/wall_clock.hpp"

#include <array>
#include <charconv>
#include <tuple>

#include <unistd.h>

namespace weir::io {

namespace {

constexpr std::string_view separator = "..";

/// What follows the last separator; it and the separator are taken off `text`.
std::optional<std::string_view> take_last(std::string_view& text) {
  const auto at = text.rfind(separator);
  if (at == std::string_view::npos)
    return std::nullopt;
  const auto part = text.substr(at + separator.size());
  text = text.substr(0, at);
  return part;
}

template <class Number>
bool read(std::string_view text, Number& into) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), into);
  return code == std::errc{} && end == text.data() + text.size();
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

} // namespace

member_name member_name::here(std::string node) {
  return {std::move(node), host_name(), ::getpid(), core::now_ms()};
}

std::string member_name::client_id() const {
  const std::string between{separator};
  return node + between + host + between + std::to_string(process) + between + std::to_string(started);
}

std::optional<member_name> member_name::parse(std::string_view client_id) {
  const auto started = take_last(client_id);
  const auto process = take_last(client_id);
  const auto host = take_last(client_id);
  member_name out;
  if (!host || client_id.empty() || !read(*process, out.process) || !read(*started, out.started))
    return std::nullopt;
  out.node = client_id;
  out.host = *host;
  return out;
}

std::string member_name::text() const {
  return "process " + std::to_string(process) + " on " + host;
}

bool is_earlier_double(const member_name& other, const member_name& self) {
  const auto place = [](const member_name& m) { return std::tie(m.started, m.host, m.process); };
  return other.node == self.node && place(other) < place(self);
}

} // namespace weir::io
