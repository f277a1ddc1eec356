#include "config/endpoint.hpp"

namespace weir::config {

std::string sink::why_not(const std::string& section) const {
  return "exactly_once needs a kafka or a file " + section
         + ": make this one a topic or a folder of files, or set processing.guarantee to at_least_once";
}

} // namespace weir::config
