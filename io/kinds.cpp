#include "io/kinds.hpp"

#include "steps/kinds.hpp"

#include <array>

namespace weir::io {

namespace {

constexpr std::array source_kinds{&kafka_source_kind, &file_source_kind};
constexpr std::array sink_kinds{&kafka_sink_kind, &file_sink_kind, &console_sink_kind, &null_sink_kind};

} // namespace

const config::catalogue& catalogue() {
  static const config::catalogue all{.sources = source_kinds,
                                     .sinks = sink_kinds,
                                     .transforms = steps::transforms(),
                                     .windows = steps::windows(),
                                     .inferences = steps::inferences(),
                                     .detectors = steps::detectors(),
                                     .drifts = steps::drifts()};
  return all;
}

} // namespace weir::io
