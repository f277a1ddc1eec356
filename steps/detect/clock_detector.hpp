#pragma once

#include "config/binding.hpp"
#include "config/value_types.hpp"
#include "core/keyed/clock_watch.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

// Detectors that tell something by the clock.

namespace weir::steps {

/// What such a detector watches, and by which key. @returns nothing: a column is wrong, which has been said, or of a
/// type that nobody knows yet
inline std::optional<core::clock_watch_options> bind_watch(const config::keyed_columns& names, config::binding& into) {
  const auto by = names.by ? into.use(*names.by, config::wanted::key) : std::nullopt;
  const auto time = names.time ? into.use(*names.time, config::wanted::timestamp) : std::nullopt;
  if ((names.by && !by) || (names.time && !time) || into.is_unknown(by) || into.is_unknown(time))
    return std::nullopt;
  return core::clock_watch_options{.name = names.flag.text,
                                   .by = by,
                                   .by_name = names.by ? names.by->text : "",
                                   .by_type = by ? into.type_of(*by) : core::column_type::string,
                                   .time = time,
                                   .max_keys = names.max_keys.value_or(1),
                                   .step = into.next_clock()};
}

/// The columns that are made.
inline std::vector<core::column_id> made_of(core::column_id as,
                                            std::initializer_list<std::optional<core::column_id>> others) {
  std::vector<core::column_id> made{as};
  for (const auto& id : others)
    if (id)
      made.push_back(*id);
  return made;
}

/// Adds such a detector. @param span what goes by for so long is told a tenth of it late at most
inline void add_watch(config::binding& into, const core::clock_watch_options& of, config::paged_step run,
                      std::vector<core::column_id> made, config::milliseconds span) {
  into.add_clock({.made = std::move(made),
                  .by = of.by,
                  .by_name = of.by_name,
                  .tick_ms = std::clamp<std::int64_t>(span.count() / 10, 100, 1000)},
                 std::move(run));
}

} // namespace weir::steps
