#pragma once

#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"
#include "core/window/window_options.hpp"

#include <cstdint>
#include <memory>

namespace weir::core {

/// Windows that take the records of a batch and put others in their place: one for each window of a group when the
/// lane's time (core/keyed/lane_clock.hpp) has gone beyond its end by the allowed lateness. So they close by records,
/// and by ticks where nothing comes; at the end of a source all do. A record whose windows are closed is late, and goes
/// to the dead letters, as one does whose time is missing or too far ahead.
///
/// What is made, and in which order (by the ends, then the groups), does not depend on batches. When there is no room
/// for one window more, those that end first close at once, and count as evictions: no record is lost, but a later one
/// of theirs begins a window anew.
std::shared_ptr<ordered_operator> make_window_operator(std::shared_ptr<const window_options> how, std::uint8_t tag,
                                                       std::uint64_t bytes);

state_need window_operator_need(const window_options& how);

} // namespace weir::core
