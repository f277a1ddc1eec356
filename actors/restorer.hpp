#pragma once

#include "actors/interfaces.hpp"
#include "io/committed_states.hpp"

#include <atomic>
#include <chrono>
#include <memory>

namespace weir::actors {

struct restorer_options {
  std::chrono::milliseconds timeout{10'000}; ///< without an answer
  /// The newest attempt's number: an older one is over, and is not begun.
  std::shared_ptr<const std::atomic<std::uint64_t>> newest;
};

struct restorer_state {
  static constexpr const char* name = "restorer";
};

/// Reads the committed state of lanes back for the consumer, which serves its group meanwhile. Spawn it detached:
/// reading blocks, for as long as there is something to read.
restorer_actor::behavior_type restorer(restorer_actor::stateful_pointer<restorer_state> self,
                                       std::shared_ptr<io::committed_states> states, consumer_actor consumer,
                                       restorer_options options);

} // namespace weir::actors
