#include "core/cluster/drift_windows.hpp"

#include "core/base/byte_codec.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::uint32_t most_sizes = 16;
constexpr std::uint32_t most_entries = 16 * 128;

std::string header_of(const drift_update& update, std::size_t entries) {
  std::string out;
  put(out, format_version);
  put(out, value_of(update.partition));
  put(out, value_of(update.next));
  put(out, update.window);
  put(out, static_cast<std::uint32_t>(update.sizes.size()));
  for (const auto& size : update.sizes) {
    put(out, size.window);
    put(out, size.records);
  }
  put(out, static_cast<std::uint32_t>(entries));
  return out;
}

std::string encode_entries(const drift_update& update, std::size_t begin, std::size_t end) {
  auto out = header_of(update, end - begin);
  for (auto i = begin; i < end; ++i) {
    put(out, update.entries[i].column);
    put(out, update.entries[i].window);
    put_text(out, update.entries[i].total);
  }
  return out;
}

} // namespace

bool stream_drift_plan::has_sliding_baseline() const noexcept {
  return std::any_of(columns.begin(), columns.end(),
                     [](const auto& column) { return column.how.baseline == drift_baseline::sliding; });
}

std::uint64_t first_window_of(const stream_drift_plan& plan) noexcept {
  const auto has_given = [](const auto& column) { return column.given.has_value(); };
  return std::all_of(plan.columns.begin(), plan.columns.end(), has_given) ? first_judged_window : choosing_window;
}

bool is_kept(std::uint64_t window, std::uint64_t at_hand, bool is_sliding) noexcept {
  return window == baseline_window || window + (is_sliding ? 2 : 1) >= at_hand
         || (window == choosing_window && at_hand < baseline_window);
}

column_monitor first_monitor_of(const stream_column& column) {
  auto how = column.how;
  how.baseline = drift_baseline::first;
  how.baseline_size = std::uint64_t{1} << 53; // whoever hears of all lanes says when there are enough
  auto made = column.is_text ? column_monitor::of_texts(how) : column_monitor::of_numbers(how);
  if (column.given) {
    std::string bins;
    column.given->encode_bins(bins);
    (void)made.begin_windows(bins); // it has just been written
  }
  return made;
}

std::string encode(const drift_update& update) {
  return encode_entries(update, 0, update.entries.size());
}

std::vector<std::string> encode_in_parts(const drift_update& update) {
  std::vector<std::string> parts;
  std::size_t begin = 0, bytes = 0;
  for (std::size_t i = 0; i < update.entries.size(); ++i) {
    const auto size = update.entries[i].total.size();
    if (i > begin && bytes + size > most_bytes_of_an_update) {
      parts.push_back(encode_entries(update, begin, i));
      begin = i;
      bytes = 0;
    }
    bytes += size;
  }
  parts.push_back(encode_entries(update, begin, update.entries.size()));
  return parts;
}

result<drift_update> decode_drift_update(std::string_view bytes) {
  const auto broken = [] {
    return fail("an update on the drift of a stream cannot be read", {}, "run one version of weir on all nodes");
  };
  byte_reader in{bytes};
  drift_update update;
  std::uint8_t version = 0;
  std::int32_t partition = 0;
  std::int64_t next = 0;
  std::uint32_t sizes = 0, entries = 0;
  if (!in.take(version) || version != format_version || !in.take(partition) || !in.take(next) || !in.take(update.window)
      || !in.take(sizes) || partition < 0 || next < 0 || sizes > most_sizes)
    return broken();
  update.partition = partition_id{partition};
  update.next = offset{next};
  update.sizes.resize(sizes);
  for (auto& size : update.sizes)
    if (!in.take(size.window) || !in.take(size.records) || size.window > update.window
        || size.records > std::uint64_t{1} << 50)
      return broken();
  if (!in.take(entries) || entries > most_entries)
    return broken();
  for (std::uint32_t i = 0; i < entries; ++i) {
    auto& e = update.entries.emplace_back();
    if (!in.take(e.column) || !in.take(e.window) || !in.take_text(e.total) || e.window >= update.window)
      return broken();
  }
  if (in.left() != 0)
    return broken();
  return update;
}

} // namespace weir::core
