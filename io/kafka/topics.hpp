#pragma once

#include "config/pipeline.hpp"
#include "core/base/result.hpp"

#include <string>

namespace weir::io {

/// What a look at the topics of a pipeline found.
struct topic_check {
  enum class outcome : std::uint8_t {
    ready,
    unreachable, ///< a broker does not answer: worth another try
    wrong,       ///< a topic is missing or does not fit: the user has to do something
  } what = outcome::ready;
  core::error problem;
  int source_partitions = 0;
};

/// Makes the topics that are Weir's own (`<pipeline>-state`, compacted, partitioned as the source;
/// `<pipeline>-control`, one partition) and those with `create:`, and checks that the others are there. Blocks for some
/// seconds at most. With a source that is a file there are only sinks to check.
topic_check prepare_topics(const config::pipeline& pipeline);

} // namespace weir::io
