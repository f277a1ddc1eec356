#include "core/cluster/drift_merger.hpp"

#include "core/base/byte_codec.hpp"

#include <algorithm>

namespace weir::core {

bool drift_merger::add(const drift_update& update) {
  const auto is_other = [this](const auto& entry) { return entry.column >= plan_->columns.size(); };
  if (std::any_of(update.entries.begin(), update.entries.end(), is_other))
    return false;
  auto& known = lanes_[update.partition];
  if (std::pair{update.next, update.window} >= std::pair{known.next, known.window}) {
    known.next = update.next;
    known.window = update.window;
    known.sizes = update.sizes;
  }
  for (const auto& entry : update.entries) {
    auto& held = known.totals[{entry.window, entry.column}];
    if (held.bytes.empty() || update.next >= held.next)
      held = {update.next, entry.total};
  }
  const bool is_sliding = plan_->has_sliding_baseline();
  std::erase_if(known.totals, [&](const auto& one) { return !is_kept(one.first.first, known.window, is_sliding); });
  return true;
}

std::vector<drift_update> drift_merger::updates() const {
  std::vector<drift_update> all;
  for (const auto& [partition, lane] : lanes_) {
    std::map<offset, drift_update> by_offset; // so that each total has its own
    for (const auto& [place, held] : lane.totals)
      by_offset[held.next].entries.push_back({place.second, place.first, held.bytes});
    by_offset[lane.next]; // the last one: its sizes count
    for (auto& [next, update] : by_offset) {
      update.partition = partition;
      update.next = next;
      update.window = lane.window;
      update.sizes = lane.sizes;
      all.push_back(std::move(update));
    }
  }
  return all;
}

std::optional<std::uint64_t> drift_merger::latest_window() const {
  std::optional<std::uint64_t> latest;
  for (const auto& [partition, lane] : lanes_)
    latest = std::max(latest.value_or(0), lane.window);
  return latest;
}

std::uint64_t drift_merger::records_of(const lane_windows& of, std::uint64_t window) {
  const auto found = std::find_if(of.sizes.begin(), of.sizes.end(), [&](const auto& s) { return s.window == window; });
  return found == of.sizes.end() ? 0 : found->records;
}

std::uint64_t drift_merger::records_of(std::uint64_t window) const {
  std::uint64_t sum = 0;
  for (const auto& [partition, lane] : lanes_)
    sum += records_of(lane, window);
  return sum;
}

bool drift_merger::is_whole(std::uint64_t window, const std::set<partition_id>& lanes) const {
  const auto has_told = [this](partition_id partition) { return lanes_.contains(partition); };
  const auto is_through = [&](const auto& one) {
    const auto& lane = one.second;
    if (lane.window <= window)
      return false;
    if (records_of(lane, window) == 0)
      return true;
    for (std::uint32_t column = 0; column < plan_->columns.size(); ++column)
      if (!lane.totals.contains({window, column}))
        return false;
    return true;
  };
  return std::all_of(lanes.begin(), lanes.end(), has_told) && std::all_of(lanes_.begin(), lanes_.end(), is_through);
}

std::size_t drift_merger::merge_into(column_monitor& into, std::uint32_t column, std::uint64_t window) const {
  std::size_t merged = 0;
  for (const auto& [partition, lane] : lanes_) {
    const auto held = lane.totals.find({window, column});
    if (held == lane.totals.end())
      continue;
    auto of_lane = first_monitor_of(plan_->columns[column]);
    byte_reader bytes{held->second.bytes};
    merged += of_lane.decode(bytes) && into.merge(of_lane) ? 1 : 0;
  }
  return merged;
}

std::optional<std::string> drift_merger::bins_of(std::uint32_t column) const {
  for (const auto& [partition, lane] : lanes_)
    for (const auto& [place, held] : lane.totals) {
      auto of_lane = first_monitor_of(plan_->columns[column]);
      byte_reader bytes{held.bytes};
      if (place.second != column || !of_lane.decode(bytes) || !of_lane.is_watching())
        continue;
      std::string bins;
      of_lane.encode_bins(bins);
      return bins;
    }
  return std::nullopt;
}

} // namespace weir::core
