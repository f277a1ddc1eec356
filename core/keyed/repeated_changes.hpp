#pragma once

#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"

#include <cstdint>
#include <memory>

namespace weir::core {

/// Lets change events go that were handled before: what a connector sends again after it was restarted. They count as
/// filtered. Of each source it remembers the highest position (batch::positions), the newest time, and the contents of
/// the changes at that position, for one record of a log may be several changes.
///
/// An event below that position, or at it with the same content, came before, unless its time is newer than all: then
/// the log was begun anew, and its positions with it. Events without a position are never let go.
///
/// Two changes of one position and one content (rows without a primary key that one COPY wrote) count as one.
std::shared_ptr<ordered_operator> make_repeated_changes(std::uint8_t tag, std::uint64_t bytes);

state_need repeated_changes_need();

} // namespace weir::core
