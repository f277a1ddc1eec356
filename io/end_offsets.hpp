#pragma once

#include "core/base/types.hpp"

#include <chrono>
#include <map>
#include <vector>

namespace weir::io {

/// Asks where the partitions of a source end, whether anybody reads them or not. For one thread, which may wait.
class end_offsets {
public:
  virtual ~end_offsets() = default;

  /// The offset after the last record of each partition; those that nobody answers for within `timeout` are left out.
  virtual std::map<core::partition_id, core::offset> ask(const std::vector<core::partition_id>& partitions,
                                                         std::chrono::milliseconds timeout) = 0;
};

} // namespace weir::io
