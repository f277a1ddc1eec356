#pragma once

#include "core/batch/layout.hpp"
#include "core/window/group_key.hpp"
#include "core/window/window_statistic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::core {

/// A statistic at its place: what it reads, and the column that it makes.
struct windowed_column {
  window_statistic_ptr what;
  std::optional<column_id> of{}; ///< absent: it reads none
  std::string text{};            ///< as the file has it, `mean(Amount)`
  column_id as = 0;
  std::string as_name{};
};

/// Windows that make a record when they close. Exactly one of `every_ms` and `gap_ms` is above 0.
struct window_options {
  std::string name;                     ///< of the step, for people
  std::vector<group_column> by{};       ///< a window of its own for each of their values; empty: for the lane
  std::vector<column_id> by_made{};     ///< the columns that have these values in what is made, one each
  std::optional<column_id> time{};      ///< event time; absent: the record's own
  std::int64_t size_ms = 0;             ///< of windows of one length
  std::int64_t every_ms = 0;            ///< how far apart they begin: `size_ms`, or a part of it that divides it
  std::int64_t gap_ms = 0;              ///< of sessions: without a record for so long one is over
  std::int64_t allowed_lateness_ms = 0; ///< how long a window waits behind its end
  std::uint32_t max_windows = 1;        ///< that are open in a lane
  std::vector<windowed_column> columns{};
  std::optional<column_id> start_as{}; ///< timestamp: when it begins, or the first record of a session
  std::string start_name{};
  std::optional<column_id> end_as{}; ///< timestamp: when it ends; the gap behind the last record of a session
  std::string end_name{};
  std::uint8_t table = 0; ///< of the lane's steps of this kind: below 64

  bool is_session() const noexcept { return gap_ms > 0; }
  /// How long a window of a key may lie in the past of the lane's clock before it closes.
  std::int64_t length_ms() const noexcept { return is_session() ? gap_ms : size_ms; }
};

} // namespace weir::core
