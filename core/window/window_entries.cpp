#include "core/window/window_entries.hpp"

#include "core/base/fingerprint.hpp"
#include "core/keyed/pane_grid.hpp"

#include <algorithm>
#include <cstring>

namespace weir::core {

namespace {

constexpr std::size_t id_size = sizeof(std::int64_t);

/// An entry's part of the schedule.
constexpr std::size_t schedule_bytes = 32;

std::string layout_of(const window_options& how) {
  auto text = how.is_session() ? "sessions, gap " + std::to_string(how.gap_ms)
                               : "windows of " + std::to_string(how.size_ms) + " every " + std::to_string(how.every_ms);
  for (const auto& by : how.by)
    text += " by " + by.name + ' ' + std::string{to_string(by.type)};
  for (const auto& column : how.columns)
    text += "; " + column.text + ' ' + std::string{to_string(column.what->type())};
  return text;
}

bool is_time(std::int64_t ms) noexcept {
  return ms > -2 * event_time_limit && ms < 2 * event_time_limit;
}

key_table::options table_of(const window_options& how, std::uint8_t tag, std::vector<std::size_t> offsets) {
  key_table::options table;
  table.state_size = window_entries::size_of_entry(how);
  table.max_keys = std::size_t{how.max_windows} + 1; // it never lets one go: see has_room_for()
  table.identity = {tag, static_cast<std::uint8_t>(2 * how.table), fingerprint(layout_of(how)), how.name};
  table.valid = [&how, offsets = std::move(offsets)](const std::byte* entry) {
    const auto& span = window_entries::span_of(entry);
    if (!is_time(span.begin) || !is_time(span.end) || span.begin > span.end || span.records == 0)
      return false;
    for (std::size_t i = 0; i < offsets.size(); ++i)
      if (!how.columns[i].what->valid(entry + offsets[i]))
        return false;
    return true;
  };
  return table;
}

std::vector<std::size_t> offsets_of(const window_options& how) {
  std::vector<std::size_t> offsets;
  auto at = sizeof(window_span);
  for (const auto& column : how.columns) {
    offsets.push_back(at);
    at += column.what->state_size();
  }
  return offsets;
}

} // namespace

std::size_t window_entries::size_of_entry(const window_options& how) {
  auto size = sizeof(window_span);
  for (const auto& column : how.columns)
    size += column.what->state_size();
  return size;
}

std::uint64_t window_entries::bytes_of_one(const window_options& how) {
  return key_table::bytes_per_key(size_of_entry(how)) + schedule_bytes + max_key_bytes;
}

window_entries::window_entries(const window_options& how, std::uint8_t tag, std::uint64_t bytes) :
    how_{how}, groups_{how.by}, entry_size_{size_of_entry(how)}, offsets_{offsets_of(how)},
    max_bytes_{bytes}, table_{table_of(how, tag, offsets_)} {}

std::string_view window_entries::key_of(std::int64_t id, std::string_view group) {
  key_.resize(id_size);
  std::memcpy(key_.data(), &id, id_size);
  key_ += group;
  return key_;
}

std::byte* window_entries::find(std::int64_t id, std::string_view group) {
  const auto key = key_of(id, group);
  return table_.find(key) == nullptr ? nullptr : table_.find_or_insert(key);
}

std::byte* window_entries::add(std::int64_t id, std::string_view group, const window_span& span) {
  auto* entry = table_.find_or_insert(key_of(id, group));
  span_of(entry) = span;
  return entry;
}

bool window_entries::has_room_for(std::string_view group) const noexcept {
  const auto more = key_table::bytes_per_key(entry_size_) + schedule_bytes + id_size + group.size();
  return table_.size() < how_.max_windows && bytes() + more <= max_bytes_;
}

void window_entries::erase(const std::byte* entry) {
  const std::string key{*table_.key_of(entry)};
  table_.erase(key);
}

std::string_view window_entries::group_of(const std::byte* entry) const noexcept {
  return table_.key_of(entry)->substr(id_size);
}

void window_entries::take(const batch& b, std::span<const row_index> rows, const std::int64_t* times,
                          std::byte* const* entries) const {
  for (std::size_t i = 0; i < rows.size(); ++i)
    ++span_of(entries[i]).records;
  window_rows in{rows, times, entries};
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    in.offset = offsets_[i];
    const auto& of = how_.columns[i].of;
    how_.columns[i].what->add(of ? &b.at(*of) : nullptr, in);
  }
}

void window_entries::merge(std::byte* into, const std::byte* other) const noexcept {
  auto& span = span_of(into);
  const auto& more = span_of(other);
  span.begin = std::min(span.begin, more.begin);
  span.end = std::max(span.end, more.end);
  span.records += more.records;
  for (std::size_t i = 0; i < offsets_.size(); ++i)
    how_.columns[i].what->merge(into + offsets_[i], other + offsets_[i]);
}

void window_entries::read(const std::byte* entry, row_index row, std::span<column_builder> into) const {
  for (std::size_t i = 0; i < offsets_.size(); ++i)
    how_.columns[i].what->read(entry + offsets_[i], row, into[i]);
}

std::size_t window_entries::bytes() const noexcept {
  return table_.bytes() + table_.size() * schedule_bytes;
}

result<void> window_entries::restore(std::string_view key, const std::string_view* value) {
  return table_.restore(key, value);
}

} // namespace weir::core
