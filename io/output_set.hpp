#pragma once

#include "io/sink.hpp"

#include <memory>
#include <vector>

namespace weir::io {

/// Where the lanes of a node write to. Made anew with each producer; lanes that are about to end keep the old one.
struct output_set {
  std::vector<std::shared_ptr<sink>> sinks; ///< one for each of the pipeline's `sink:`, in its order
  std::vector<std::shared_ptr<sink>> alert_sinks;
  std::vector<std::shared_ptr<sink>> engine_alert_sinks; ///< the same, outside of the node's transactions
  std::shared_ptr<dead_letter_sink> dead_letters;
  std::shared_ptr<io::changelog> changelog;
};

} // namespace weir::io
