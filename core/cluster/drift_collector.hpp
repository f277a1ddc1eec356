#pragma once

#include "core/cluster/drift_board.hpp"
#include "core/cluster/drift_windows.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// The lane's side of the drift of a stream: counts the values of each column in the window at hand, and keeps those
/// totals of earlier ones that a new supervisor would have to hear. Adds no column. A value costs what
/// column_monitor::add costs.
///
/// The window ends with the first records behind the news of the next one. A lane that gets no records has counted all
/// that it is going to, and says so at its barrier without a change of its state.
///
/// Changelog: [tag][column][slot] -> [format][fingerprint][window][records][column_monitor]. Slot 0 is the window at
/// hand, 1 the baseline, 2 and 3 the last even and odd one that is over.
class drift_collector final : public ordered_operator {
public:
  /// What a column takes in a lane, at most.
  static constexpr std::size_t bytes_per_column = 48 * 1024;
  static state_need needs(const stream_drift_plan& plan);

  /// @param news may be null: then the first window never ends
  drift_collector(std::shared_ptr<const stream_drift_plan> plan, std::shared_ptr<const drift_board> news,
                  std::uint8_t tag);

  std::uint8_t tag() const noexcept override { return tag_; }
  std::string describe(std::string_view) const override { return "the drift of the stream"; }
  void process(batch& b) override;
  void collect_changes(record_block& into) override;
  result<void> restore(std::string_view key, const std::string_view* value) override;
  result<void> finish_restore() override;
  operator_counts counts() const noexcept override;

  /// What has changed since the last time, encoded; nothing when nothing has. To be called at a barrier, with the
  /// offset after it; to be sent when that is committed.
  void take_windows(partition_id partition, offset next, std::vector<std::string>& into) override;

private:
  static constexpr std::uint64_t no_window = UINT64_MAX;

  struct closed_window {
    std::uint64_t records = 0;
    std::vector<std::string> totals; ///< by column
    bool is_stored = false;
    bool is_told = false;
  };

  std::uint64_t news_window() const;
  void begin(std::uint64_t window);
  void forget();
  void add(const batch& b);
  std::vector<std::string> totals() const;
  std::string value_of_slot(std::uint64_t window, std::uint64_t records, std::string_view total) const;

  std::shared_ptr<const stream_drift_plan> plan_;
  std::shared_ptr<const drift_board> news_;
  std::uint8_t tag_;
  std::uint32_t fingerprint_;
  std::uint64_t window_; ///< at hand
  std::uint64_t records_ = 0;
  std::vector<column_monitor> monitors_;
  std::map<std::uint64_t, closed_window> closed_;
  bool is_seeded_ = false;
  bool is_changed_ = false;                                       ///< since the last collect_changes()
  std::uint64_t told_window_ = no_window;                         ///< that was told to be next, of all records so far
  std::vector<std::pair<std::uint64_t, std::uint64_t>> restored_; ///< window and records of each column
  std::vector<double> values_;
};

} // namespace weir::core
