#pragma once

#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/moments.hpp"
#include "core/keyed/pane_grid.hpp"

#include <cstdint>

namespace weir::core {

/// A statistic of the last `last` values of a key, the record's own included. A missing value does not enter the
/// window; its record gets the window as it stands, null while that is empty. Right to rounding at any offset of the
/// values. State: 8 bytes for each value of the window, 16 for stddev, none for count, and some 40 more.
/// @pre last > 0
keyed_operator_ptr make_rolling_by_count(statistic what, std::uint32_t last);

/// A statistic of a key's values over event time. The window of a record ends at the newest event time that its key has
/// seen (see pane_grid). A record of a pane in front of it does not enter: within the allowed lateness it gets the
/// window as it stands, beyond it it is counted as late and gets null. State: 40 bytes a pane and some 80 more.
/// @pre window.valid()
keyed_operator_ptr make_rolling_by_time(statistic what, time_window window);

} // namespace weir::core
