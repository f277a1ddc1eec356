#include "core/alert/alert_records.hpp"

#include "core/alert/alert_summary.hpp"
#include "core/format/json_format.hpp"
#include "core/format/json_text.hpp"

#include <cmath>
#include <utility>

namespace weir::core {

namespace {

/// The columns as those of a record whose source has said nothing.
layout as_made(layout columns) {
  for (column_id id = 0; id < columns.size(); ++id)
    if (auto& column = columns[id]; column.from_source && !column.gone)
      column.from_source = false;
  return columns;
}

/// A number as such, any other value as a text.
void append_json_value(const column& of, row_index row, std::string& out) {
  std::string text;
  append_value(of, row, text);
  const bool is_plain = of.is_null(row) || of.type == column_type::int64 || of.type == column_type::boolean
                        || (of.type == column_type::float64 && std::isfinite(of.f64[row]));
  out += is_plain ? text : json_quoted(text);
}

} // namespace

alert_records::alert_records(const layout& columns, bool bodies_are_json) :
    columns_{bodies_are_json ? columns : as_made(columns)}, bodies_are_json_{bodies_are_json}, writer_{make_json_writer(
                                                                                                   columns_)} {}

std::vector<std::string> alert_records::describe(const detector_facts& detector, const batch& b,
                                                 std::vector<row_index> rows) {
  auto chosen = b;
  chosen.rows = std::move(rows);
  if (!bodies_are_json_)
    chosen.body.assign(b.raw->size(), {});
  record_block records;
  writer_->write(chosen, records);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < chosen.rows.size(); ++i) {
    auto& text = all.emplace_back(detector.members);
    for (std::size_t column = 0; column < detector.said.size(); ++column) {
      text += ',' + json_quoted(detector.names[column]) + ':';
      append_json_value(b.at(detector.said[column]), chosen.rows[i], text);
    }
    text += ",\"record\":";
    text += records.value(i);
    text += ",\"label\":null";
  }
  return all;
}

} // namespace weir::core
