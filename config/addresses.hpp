#pragma once

#include "core/base/result.hpp"

#include <string_view>

namespace weir::config {

/// An error where a text is not the hosts of brokers, each with or without a port, separated by commas. It says why,
/// and does not show the text.
core::result<void> check_addresses(std::string_view text);

} // namespace weir::config
