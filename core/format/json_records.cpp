#include "core/format/json_records.hpp"

#include "core/format/json_format.hpp"

#include <utility>

namespace weir::core {

namespace {

/// The columns as those of a record whose source has said nothing.
layout as_made(layout columns) {
  for (column_id id = 0; id < columns.size(); ++id)
    if (auto& column = columns[id]; !column.gone)
      column.from_source = false;
  return columns;
}

} // namespace

json_records::json_records(const layout& columns, bool bodies_are_json) :
    columns_{bodies_are_json ? columns : as_made(columns)}, bodies_are_json_{bodies_are_json}, writer_{make_json_writer(
                                                                                                   columns_)} {}

record_block json_records::write(const batch& b, std::vector<row_index> rows) {
  auto chosen = b;
  chosen.rows = std::move(rows);
  if (!bodies_are_json_)
    chosen.body.assign(b.raw->size(), {});
  record_block records;
  writer_->write(chosen, records);
  return records;
}

} // namespace weir::core
