#include "core/window/closed_windows.hpp"

#include "core/alert/alert_summary.hpp"
#include "core/batch/made_columns.hpp"
#include "core/format/body_builder.hpp"
#include "core/format/format.hpp"
#include "core/format/json_format.hpp"
#include "core/format/json_text.hpp"

#include <cstring>
#include <utility>

namespace weir::core {

closed_windows::closed_windows(const window_options& how, const window_entries& entries) :
    how_{how}, entries_{entries}, groups_{how.by} {}

void closed_windows::add(std::string_view group, std::int64_t begin, std::int64_t end, const std::byte* entry) {
  windows_.push_back({group_bytes_.size(), group.size(), begin, end});
  group_bytes_ += group;
  const auto words = entries_.entry_size() / sizeof(std::uint64_t);
  states_.resize(states_.size() + words);
  std::memcpy(states_.data() + states_.size() - words, entry, entries_.entry_size());
}

void closed_windows::give(batch& b, std::int64_t offset) {
  make_columns(b);
  b.rows.clear();
  for (row_index row = 0; row < windows_.size(); ++row)
    b.rows.push_back(row);
  b.body.assign(windows_.size(), {});
  b.raw = make_block(b, offset);
  b.body.assign(windows_.size(), {}); // what they are stands in their columns
  b.body_arena = nullptr;
  b.positions = nullptr;
  windows_.clear();
  group_bytes_.clear();
  states_.clear();
}

void closed_windows::make_columns(batch& b) {
  b.columns.clear();
  std::vector<column_builder> keys;
  std::vector<column_builder> values;
  column_builder start{column_type::timestamp};
  column_builder end{column_type::timestamp};
  for (const auto& by : how_.by)
    keys.emplace_back(by.type);
  for (const auto& column : how_.columns)
    values.emplace_back(column.what->type());
  for (auto* all : {&keys, &values})
    for (auto& one : *all)
      one.start(windows_.size());
  start.start(windows_.size());
  end.start(windows_.size());
  const auto words = entries_.entry_size() / sizeof(std::uint64_t);
  for (row_index row = 0; row < windows_.size(); ++row) {
    const auto& w = windows_[row];
    groups_.read(std::string_view{group_bytes_}.substr(w.group_begin, w.group_size), row, keys);
    entries_.read(reinterpret_cast<const std::byte*>(states_.data() + row * words), row, values);
    start.i64()[row] = w.begin;
    end.i64()[row] = w.end;
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    set_column(b, how_.by_made[i], keys[i].finish());
  for (std::size_t i = 0; i < values.size(); ++i)
    set_column(b, how_.columns[i].as, values[i].finish());
  if (how_.start_as)
    set_column(b, *how_.start_as, start.finish());
  if (how_.end_as)
    set_column(b, *how_.end_as, end.finish());
}

void closed_windows::append_key(const batch& b, row_index row, std::string& into) const {
  if (how_.by.size() == 1) {
    append_value(b.at(how_.by_made.front()), row, into);
    return;
  }
  into += '[';
  for (std::size_t i = 0; i < how_.by.size(); ++i) {
    const auto& column = b.at(how_.by_made[i]);
    into += i == 0 ? "" : ",";
    if (column.is_null(row))
      into += "null";
    else if (column.type == column_type::string || column.type == column_type::timestamp) {
      std::string text;
      append_value(column, row, text);
      into += json_quoted(text);
    } else
      append_value(column, row, into);
  }
  into += ']';
}

/// The records as they would be written, so that a dead letter has them whole.
raw_block_ptr closed_windows::make_block(batch& b, std::int64_t offset) {
  std::vector<body_field> fields;
  const auto add = [&](std::string_view name, std::optional<column_id> id) {
    if (id)
      fields.push_back({name, b.columns[*id].get()});
  };
  for (std::size_t i = 0; i < how_.by.size(); ++i)
    add(how_.by[i].name, how_.by_made[i]);
  add(how_.start_name, how_.start_as);
  add(how_.end_name, how_.end_as);
  for (const auto& column : how_.columns)
    add(column.as_name, column.as);
  write_json_bodies(b, fields);

  auto block = std::make_shared<raw_block>();
  block->partition = b.raw->partition;
  std::string key;
  std::string text;
  for (row_index row = 0; row < windows_.size(); ++row) {
    key.clear();
    const bool has_key = !how_.by.empty() && !(how_.by.size() == 1 && b.at(how_.by_made.front()).is_null(row));
    if (has_key)
      append_key(b, row, key);
    text = '{';
    text += b.body[row];
    text += '}';
    block->append(offset, windows_[row].end, has_key ? key.data() : nullptr, key.size(), text.data(), text.size());
  }
  block->seal();
  return block;
}

} // namespace weir::core
