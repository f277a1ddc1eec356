#include "actors/peer_transport.hpp"

#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace weir::actors {

namespace {

constexpr const char* loopback = "127.0.0.1";

} // namespace

peer_transport over_middleman(caf::actor_system& system, std::uint16_t port) {
  auto& middleman = system.middleman();
  return {[&middleman, port](const frame_actor& who) -> core::result<std::uint16_t> {
            auto opened = middleman.publish(who, port, loopback, true);
            if (!opened && port != 0) {
              spdlog::warn("port {} is taken; other nodes find this one at another", port);
              opened = middleman.publish(who, 0, loopback);
            }
            if (!opened)
              return core::fail("other nodes cannot reach this one: " + caf::to_string(opened.error()));
            return *opened;
          },
          caf::actor_cast<caf::actor>(middleman.actor_handle())};
}

} // namespace weir::actors
