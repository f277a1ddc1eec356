#pragma once

#include "config/catalogue.hpp"

namespace weir::io {

/// All kinds that a pipeline file may hold.
const config::catalogue& catalogue();

} // namespace weir::io
