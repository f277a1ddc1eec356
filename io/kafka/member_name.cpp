#include "io/kafka/member_name.hpp"

#include "core/base/read_number.hpp"
#include "core/base/wall_clock.hpp"

#include <array>
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
  if (!host || client_id.empty())
    return std::nullopt;
  const auto process_number = core::read_number<decltype(member_name::process)>(*process);
  const auto started_ms = core::read_number<decltype(member_name::started)>(*started);
  if (!process_number || !started_ms)
    return std::nullopt;
  return member_name{std::string{client_id}, std::string{*host}, *process_number, *started_ms};
}

std::string member_name::text() const {
  return "process " + std::to_string(process) + " on " + host;
}

bool is_earlier_double(const member_name& other, const member_name& self) {
  const auto place = [](const member_name& m) { return std::tie(m.started, m.host, m.process); };
  return other.node == self.node && place(other) < place(self);
}

} // namespace weir::io
