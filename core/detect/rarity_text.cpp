#include "core/detect/rarity_text.hpp"

#include "core/base/short_number.hpp"

#include <cmath>

namespace weir::core {

std::string rarity_text(double probability) {
  return std::isnan(probability) || probability > 0.01 ? "" : ", as rare as 1 in " + short_number(1 / probability);
}

} // namespace weir::core
