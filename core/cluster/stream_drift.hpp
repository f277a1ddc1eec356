#pragma once

#include "core/cluster/drift_merger.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {

/// What is said of the last window of a stream.
struct drift_standing {
  struct column {
    std::string name;
    std::string as;              ///< stream_column::drifts_as
    column_verdict verdict;      ///< of the column by itself
    bool is_drift = false;       ///< by Benjamini and Hochberg's rule over all columns
    double adjusted_p_value = 1; ///< by that rule: a drift where it is at most alpha
  };

  std::uint64_t window = 0; ///< its number; 0: none was judged yet
  std::uint64_t records = 0;
  std::uint64_t baseline_records = 0; ///< of the stream's own; 0: all are given
  std::int64_t at_ms = 0;             ///< when it was judged
  double drift_share = 0;             ///< of the columns, 0 to 1
  std::vector<column> columns;        ///< as in the plan

  /// How many columns drift.
  std::uint64_t drifting() const noexcept;
  /// What alerts can say of it, by the names of the plan.
  std::vector<std::pair<std::string, double>> values(const stream_drift_plan& of) const;
};

/// The supervisor's side of the drift of a stream: says which window lanes count in, and judges each that is over. A
/// window has so many records at least, of all lanes together, and as many more as come until lanes have heard of the
/// next. It is judged once it is whole; a lane that is not heard of for `patience` is not waited for any longer. No
/// window begins before the one before the last is judged. Not thread-safe; the clock is a parameter.
class stream_drift {
public:
  using instant = std::chrono::steady_clock::time_point;

  explicit stream_drift(std::shared_ptr<const stream_drift_plan> plan,
                        std::chrono::milliseconds patience = std::chrono::seconds{30});

  const stream_drift_plan& plan() const noexcept { return *plan_; }

  /// False: it is of other columns.
  bool hear(const drift_update& update) { return lanes_.add(update); }

  /// Goes on where another supervisor was: what is further counts.
  void adopt(const drift_progress& progress, const drift_standing& standing);

  /// @param lanes that run now @param now_ms ms since the epoch @returns whether there is news for lanes
  bool look(const std::set<partition_id>& lanes, instant now, std::int64_t now_ms);

  const drift_progress& progress() const noexcept { return progress_; }
  const drift_standing& standing() const noexcept { return standing_; }

private:
  bool is_over(std::uint64_t window, const std::set<partition_id>& lanes, instant now) const;
  void begin(std::uint64_t window, instant now);
  void choose_bins();
  void judge(std::uint64_t window, std::int64_t now_ms);
  std::optional<column_monitor> monitor_of(std::uint32_t column) const;

  std::shared_ptr<const stream_drift_plan> plan_;
  std::chrono::milliseconds patience_;
  drift_merger lanes_;
  drift_progress progress_;
  drift_standing standing_;
  std::optional<instant> begun_; ///< when the window at hand was, as far as this one knows
};

/// The bytes in which standings and progress travel; taking fails on what put() cannot have written.
void put(std::string& into, const drift_progress& progress);
void put(std::string& into, const drift_standing& standing);
[[nodiscard]] bool take(byte_reader& from, drift_progress& progress);
[[nodiscard]] bool take(byte_reader& from, drift_standing& standing);

} // namespace weir::core
