#include "io/http/host_check.hpp"

#include <algorithm>

namespace weir::io {

bool is_loopback_host(std::string_view host) noexcept {
  if (host.empty() || host.front() == '[')
    return true;
  host = host.substr(0, host.find(':'));
  constexpr std::string_view digits = "0123456789.";
  if (host.find_first_not_of(digits) == std::string_view::npos)
    return true;
  constexpr std::string_view name = "localhost";
  return std::equal(host.begin(), host.end(), name.begin(), name.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + ('a' - 'A') == b); });
}

bool is_loopback_address(std::string_view address) noexcept {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

} // namespace weir::io
