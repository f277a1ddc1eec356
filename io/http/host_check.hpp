#pragma once

#include <string_view>

namespace weir::io {

/// Whether a request that names this host (its `Host` header, with or without a port) may be answered by a server that
/// listens on the loopback interface. A page of a foreign site may have its own name resolved to 127.0.0.1 and then
/// read what it is given there (DNS rebinding): such a request names that site. Numeric addresses and `localhost` are
/// ours; no header is none of a browser's.
bool is_loopback_host(std::string_view host) noexcept;

/// Whether that address to listen on is the loopback interface's.
bool is_loopback_address(std::string_view address) noexcept;

} // namespace weir::io
