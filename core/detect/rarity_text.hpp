#pragma once

#include <string>

namespace weir::core {

/// `, as rare as 1 in 3e+08`; nothing where that is not known.
std::string rarity_text(double probability);

} // namespace weir::core
