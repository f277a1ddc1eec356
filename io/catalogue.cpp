#include "io/catalogue.hpp"

#include "steps/kinds.hpp"

namespace weir::io {

const config::catalogue& catalogue() {
  static const config::catalogue all{steps::transforms(), steps::windows(), steps::models(), steps::detectors()};
  return all;
}

} // namespace weir::io
