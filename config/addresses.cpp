#include "config/addresses.hpp"

#include "core/base/read_number.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace weir::config {

namespace {

/// What the Kafka client takes in front of a host.
constexpr std::array<std::string_view, 4> protocols{"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"};

core::result<void> check_address(std::string_view text) {
  if (const auto end = text.find("://"); end != std::string_view::npos) {
    std::string protocol{text.substr(0, end)};
    std::ranges::transform(protocol, protocol.begin(), [](unsigned char c) { return std::tolower(c); });
    if (std::ranges::find(protocols, protocol) == protocols.end())
      return core::fail("a broker is host:port, not a URL", {}, "leave out what stands in front of the host");
    text.remove_prefix(end + 3);
  }
  const auto colon = text.rfind(':');
  const bool is_one_host = colon != std::string_view::npos && (text.find(':') == colon || text[colon - 1] == ']');
  if (const auto port = is_one_host ? core::read_number<int>(text.substr(colon + 1)) : 1;
      !port || *port < 1 || *port > 65535)
    return core::fail("a broker is host:port, and a port is a number from 1 to 65535");
  return {};
}

} // namespace

core::result<void> check_addresses(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (auto good = check_address(text.substr(0, end)); !good)
      return good;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

} // namespace weir::config
