#include "steps/detect/rarity_text.hpp"

#include "core/base/short_number.hpp"

#include <cmath>

namespace weir::steps {

std::string rarity_text(double probability) {
  return std::isnan(probability) || probability > 0.01 ? ""
                                                       : ", as rare as 1 in " + core::short_number(1 / probability);
}

} // namespace weir::steps
