#include "simulated_world.hpp"

namespace weir::core {

std::string key_text(std::size_t key) {
  return std::string{"\x01", 1} + std::to_string(key);
}

simulated_world::lane_state state_of(const record_block& changes) {
  simulated_world::lane_state state{};
  for (std::size_t i = 0; i < changes.size(); ++i)
    state.at(std::stoul(std::string{changes.key(i).substr(1)})) = std::stoull(std::string{changes.value(i)});
  return state;
}

} // namespace weir::core
