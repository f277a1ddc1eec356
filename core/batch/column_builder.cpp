#include "core/batch/column_builder.hpp"

namespace weir::core {

void column_builder::start(std::size_t rows) {
  rows_ = rows;
  column_ = std::make_shared<column>();
  column_->type = type_;
  switch (type_) {
  case column_type::float64: column_->f64.resize(rows); break;
  case column_type::string: column_->text.resize(rows); break;
  case column_type::boolean:
  case column_type::int64:
  case column_type::timestamp: column_->i64.resize(rows); break;
  }
}

void column_builder::set_from_arena(row_index row, std::size_t begin) {
  // A view without data marks the row, so that a later plain value of the same row stays.
  column_->text[row] = {};
  made_.push_back({row, begin, arena_.size() - begin});
}

column_ptr column_builder::finish() {
  if (!made_.empty()) {
    const auto arena = std::make_shared<const std::string>(std::move(arena_));
    for (auto m = made_.rbegin(); m != made_.rend(); ++m)
      if (column_->text[m->row].data() == nullptr)
        column_->text[m->row] = std::string_view{arena->data() + m->begin, m->size};
    column_->arena = arena;
    arena_.clear();
    made_.clear();
  }
  return std::exchange(column_, nullptr);
}

} // namespace weir::core
