#pragma once

#include "core/stats/node_figures.hpp"

#include <cstdint>

namespace weir::io {

/// What this process has taken of the machine until now. What the system does not tell stays 0.
core::process_usage read_process_usage();

/// Bytes of memory that this process may take: the machine's, or what its container was given; 0: nobody says.
std::uint64_t machine_memory();

} // namespace weir::io
