#pragma once

#include <string>

// What Weir calls its own topics and ids on a broker.

namespace weir::io {

/// The changelog of a pipeline's lanes, partitioned as its source.
inline std::string state_topic_of(const std::string& pipeline) {
  return pipeline + "-state";
}

/// The supervisors' announcements, one partition.
inline std::string control_topic_of(const std::string& pipeline) {
  return pipeline + "-control";
}

/// Of a node's producer.
inline std::string transactional_id_of(const std::string& pipeline, const std::string& node) {
  return pipeline + "-" + node;
}

} // namespace weir::io
