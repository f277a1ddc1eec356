#pragma once

#include <caf/all.hpp>

#include <optional>
#include <string>

namespace weir::actors {

/// The exit reason of an actor that would fail on the same records again, so that its lane must not be rebuilt: the
/// node ends. @param why for people
inline caf::error lane_failure(std::string why) {
  return {1, caf::atom("lane"), caf::make_message(std::move(why))};
}

/// What lane_failure() was given; nothing for another reason.
inline std::optional<std::string> why_lane_failed(const caf::error& reason) {
  if (reason.category() != caf::atom("lane") || !reason.context().match_elements<std::string>())
    return std::nullopt;
  return reason.context().get_as<std::string>(0);
}

} // namespace weir::actors
