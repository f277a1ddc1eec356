#pragma once

#include "io/committed_states.hpp"
#include "io/kafka/client.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace weir::io {

/// Reads lanes' committed state back from `<pipeline>-state`. Blocks; for the thread that serves rebalances.
class kafka_state final : public committed_states {
public:
  /// @param fence makes the transactional producer of the node with that name abort (init_transactions with its id)
  /// @param show_parts is given the final paths of parts of files that were committed
  kafka_state(kafka_properties properties, std::string topic, std::function<void(const std::string& node)> fence,
              std::function<void(const std::set<std::string>& paths)> show_parts) :
      properties_{std::move(properties)},
      topic_{std::move(topic)}, fence_{std::move(fence)}, show_parts_{std::move(show_parts)} {}

  /// As a read_committed reader sees it, each partition up to the end of its log at the time of the call. Where an open
  /// transaction hides that end and stands still for a second, the node that opened it is fenced: its first record
  /// there names it, see core::marker::opening_key.
  core::result<std::vector<restored_state>> restore(const std::vector<core::partition_id>& partitions,
                                                    std::chrono::milliseconds timeout) override;

private:
  kafka_properties properties_;
  std::string topic_;
  std::function<void(const std::string& node)> fence_;
  std::function<void(const std::set<std::string>& paths)> show_parts_;
};

/// The parts of files that these partitions of the state topic list as committed (core/commit/part_list.hpp). Waits for
/// transactions of other nodes that hide the end, and ends none. Blocks.
core::result<std::set<std::string>> committed_parts(const kafka_properties& properties, const std::string& topic,
                                                    const std::vector<core::partition_id>& partitions,
                                                    std::chrono::milliseconds timeout);

} // namespace weir::io
