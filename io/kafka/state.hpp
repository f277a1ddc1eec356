#pragma once

#include "io/kafka/client.hpp"
#include "io/sink.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace weir::io {

/// Reads lanes' committed state back from `<pipeline>-state`. Blocks; for the thread that serves rebalances.
class kafka_state {
public:
  kafka_state(kafka_properties properties, std::string topic) :
      properties_{std::move(properties)}, topic_{std::move(topic)} {}

  /// The state of these partitions, as a read_committed reader sees it, each up to the end of its log at the time of
  /// the call. Where an open transaction hides that end and stands still for a second, `fence` is called with the name
  /// of the node that opened it (its first record there names it, see core::marker::opening_key): it has to make that
  /// node's transactional producer abort (init_transactions with its id).
  ///
  /// @param timeout how long nothing may come; the whole takes as long as there is something to read
  core::result<std::vector<restored_state>> restore(const std::vector<core::partition_id>& partitions,
                                                    std::chrono::milliseconds timeout,
                                                    const std::function<void(const std::string& node)>& fence);

private:
  kafka_properties properties_;
  std::string topic_;
};

} // namespace weir::io
