#pragma once

#include "actors/interfaces.hpp"
#include "core/base/result.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <functional>

namespace weir::actors {

/// How the peers of a pipeline reach each other.
struct peer_transport {
  /// Makes an actor reachable for other nodes; returns the port.
  std::function<core::result<std::uint16_t>(const frame_actor&)> listen;

  /// Takes (caf::connect_atom, host, port); answers as CAF's middleman does, with the actor that listens there.
  caf::actor dialler;
};

/// By CAF's middleman, which must be loaded, on loopback.
/// @param port 0, or one that is taken: any free one
peer_transport over_middleman(caf::actor_system& system, std::uint16_t port);

} // namespace weir::actors
