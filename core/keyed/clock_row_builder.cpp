#include "core/keyed/clock_row_builder.hpp"

#include "core/batch/made_columns.hpp"

#include <cstring>
#include <utility>

namespace weir::core {

clock_row_builder::clock_row_builder(std::size_t step, partition_id of) {
  rows_.step = step;
  raw_->partition = of;
}

void clock_row_builder::begin_row(std::int64_t time, row_index in_front_of) {
  rows_.said.rows.push_back(static_cast<row_index>(rows_.size()));
  rows_.in_front_of.push_back(in_front_of);
  raw_->append(clock_rows::no_offset, time, nullptr, 0, nullptr, 0);
}

void clock_row_builder::fill(made_column& made, std::size_t rows) {
  auto& values = *made.values;
  values.null.resize(rows, 1);
  if (values.type == column_type::float64)
    values.f64.resize(rows);
  else if (values.type == column_type::string)
    made.texts.resize(rows);
  else
    values.i64.resize(rows);
}

clock_row_builder::made_column& clock_row_builder::at_row(column_id id, column_type type) {
  auto& made = made_[id];
  made.values->type = type;
  fill(made, rows_.size());
  made.values->null.back() = 0;
  return made;
}

void clock_row_builder::set_key(column_id id, column_type type, std::optional<std::string_view> key) {
  if (!key) {
    at_row(id, type).values->null.back() = 1;
  } else if (type == column_type::string) {
    set(id, *key);
  } else {
    auto& number = at_row(id, type).values->i64.back();
    std::memcpy(&number, key->data(), std::min(key->size(), sizeof number));
  }
}

void clock_row_builder::set(column_id id, bool value) {
  at_row(id, column_type::boolean).values->i64.back() = value ? 1 : 0;
}

void clock_row_builder::set(column_id id, double value) {
  at_row(id, column_type::float64).values->f64.back() = value;
}

void clock_row_builder::set(column_id id, std::string_view text) {
  auto& made = at_row(id, column_type::string);
  made.texts.back() = {made.arena.size(), text.size()};
  made.arena += text;
}

std::shared_ptr<const clock_rows> clock_row_builder::finish() {
  raw_->seal();
  rows_.said.raw = std::move(raw_);
  for (auto& [id, made] : made_) {
    fill(made, rows_.size());
    if (made.values->type == column_type::string) {
      const auto arena = std::make_shared<const std::string>(std::move(made.arena));
      for (const auto& [begin, size] : made.texts)
        made.values->text.push_back(std::string_view{*arena}.substr(begin, size));
      made.values->arena = arena;
    }
    set_column(rows_.said, id, std::move(made.values));
  }
  return std::make_shared<const clock_rows>(std::move(rows_));
}

} // namespace weir::core
