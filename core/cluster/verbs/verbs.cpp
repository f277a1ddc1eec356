#include "core/cluster/verbs/verbs.hpp"

#include <array>

namespace weir::core {

std::span<const control_verb* const> control_verbs() noexcept {
  static constexpr std::array all{
      &verbs::pause, &verbs::resume, &verbs::drain, &verbs::stop, &verbs::set,
  };
  return all;
}

const control_verb* find_control_verb(std::string_view name) noexcept {
  for (const auto* verb : control_verbs())
    if (verb->name == name)
      return verb;
  return nullptr;
}

} // namespace weir::core
