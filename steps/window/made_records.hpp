#pragma once

#include "config/binding.hpp"

#include <array>
#include <string_view>
#include <vector>

// What windows that make records have in common: tumbling, hopping, session.

namespace weir::steps {

struct made_records {
  std::vector<config::column_name> by;
  std::optional<config::column_name> time;
  config::named_expressions aggregates;
  config::milliseconds allowed_lateness{0};
  std::uint32_t max_windows = config::usual_max_keys;
  config::new_column start{{"window_start", {}}};
  config::new_column end{{"window_end", {}}};
};

template <auto Records>
constexpr auto made_records_fields() {
  using config::at_least;
  using config::between;
  using config::field;
  using config::required;
  return std::array{
      field<Records, &made_records::aggregates>(
          "aggregates", "new columns and what they hold of a window: `weir list window_functions`", required),
      field<Records, &made_records::by>(
          "by", "columns: a window of its own for each of their values; default: one for all records of a lane"),
      field<Records, &made_records::time>("time", "the timestamp column; default: the record's own (Kafka's)"),
      field<Records, &made_records::allowed_lateness>(
          "allowed_lateness", "how long a window waits behind its end; a record that comes later is a dead letter",
          at_least(0)),
      field<Records, &made_records::max_windows>(
          "max_windows",
          "that are open in a lane: for one more, those that end first close at once, and are counted as evictions; "
          "`state.memory_limit` may allow fewer",
          between(1, 100'000'000)),
      field<Records, &made_records::start>("start", "new timestamp column: when the window begins"),
      field<Records, &made_records::end>("end", "new timestamp column: when it ends"),
  };
}

/// Either size and every are above 0, or gap is.
struct window_lengths {
  config::milliseconds size{0};
  config::milliseconds every{0};
  config::milliseconds gap{0};
};

/// @param kind of window, for people
void bind_made_records(const made_records& what, std::string_view kind, const window_lengths& lengths,
                       config::binding& into);

} // namespace weir::steps
