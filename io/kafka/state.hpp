#pragma once

#include "io/committed_states.hpp"
#include "io/kafka/client.hpp"

#include <functional>
#include <string>
#include <vector>

namespace weir::io {

/// Reads lanes' committed state back from `<pipeline>-state`. Blocks; for the thread that serves rebalances.
class kafka_state final : public committed_states {
public:
  /// @param fence makes the transactional producer of the node with that name abort (init_transactions with its id)
  kafka_state(kafka_properties properties, std::string topic, std::function<void(const std::string& node)> fence) :
      properties_{std::move(properties)}, topic_{std::move(topic)}, fence_{std::move(fence)} {}

  /// As a read_committed reader sees it, each partition up to the end of its log at the time of the call. Where an open
  /// transaction hides that end and stands still for a second, the node that opened it is fenced: its first record
  /// there names it, see core::marker::opening_key.
  core::result<std::vector<restored_state>> restore(const std::vector<core::partition_id>& partitions,
                                                    std::chrono::milliseconds timeout) override;

private:
  kafka_properties properties_;
  std::string topic_;
  std::function<void(const std::string& node)> fence_;
};

} // namespace weir::io
