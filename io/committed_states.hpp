#pragma once

#include "core/base/result.hpp"
#include "io/sink.hpp"

#include <chrono>
#include <vector>

namespace weir::io {

/// Where the lanes' committed state is read back from.
class committed_states {
public:
  virtual ~committed_states() = default;

  /// The state of these partitions as of their last commit, in their order. What another node has left open is ended
  /// before. Blocks.
  /// @param timeout how long nothing may come; the whole takes as long as there is something to read
  virtual core::result<std::vector<restored_state>> restore(const std::vector<core::partition_id>& partitions,
                                                            std::chrono::milliseconds timeout) = 0;
};

} // namespace weir::io
