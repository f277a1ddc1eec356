#pragma once

#include "core/expression/expression.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {

/// A batch of one row, or of as many as the first column has.
class expression_fixture : public testing::Test {
protected:
  column& add(const std::string& name, column_type type) {
    columns_.add({.name = name, .type = type});
    auto c = std::make_shared<column>();
    c->type = type;
    batch_.columns.push_back(c);
    return *c;
  }
  void real(const std::string& name, std::vector<double> values) {
    rows(values.size());
    add(name, column_type::float64).f64 = std::move(values);
  }
  void whole(const std::string& name, std::vector<std::int64_t> values, column_type type = column_type::int64) {
    rows(values.size());
    add(name, type).i64 = std::move(values);
  }
  void text(const std::string& name, std::vector<std::string_view> values) {
    rows(values.size());
    add(name, column_type::string).text = std::move(values);
  }
  /// Booleans from a text of `t`, `f` and `n` (null).
  void flags(const std::string& name, std::string_view values) {
    rows(values.size());
    auto& c = add(name, column_type::boolean);
    for (const char v : values) {
      c.i64.push_back(v == 't');
      c.null.push_back(v == 'n');
    }
  }
  void rows(std::size_t count) {
    batch_.rows.clear();
    for (row_index row = 0; row < count; ++row)
      batch_.rows.push_back(row);
  }

  column_ptr evaluate(std::string_view expression_text) {
    const auto e = expression::bind(columns_, expression_text);
    if (!e) {
      ADD_FAILURE() << expression_text << ": " << e.error().text();
      return std::make_shared<column>();
    }
    return e->evaluate(batch_);
  }
  /// The value of the first row as text.
  std::string value(std::string_view expression_text) {
    if (batch_.rows.empty())
      rows(1);
    const auto c = evaluate(expression_text);
    if (c->is_null(0))
      return "null";
    switch (c->type) {
    case column_type::boolean: return c->i64[0] != 0 ? "true" : "false";
    case column_type::float64: return "double " + std::to_string(c->f64[0]);
    case column_type::string: return "'" + std::string{c->text[0]} + "'";
    case column_type::int64: return std::to_string(c->i64[0]);
    case column_type::timestamp: return "time " + std::to_string(c->i64[0]);
    }
    return "";
  }
  /// A boolean column as `t`, `f` and `n`.
  std::string truths(std::string_view expression_text) {
    const auto c = evaluate(expression_text);
    std::string all;
    for (row_index row = 0; row < c->i64.size(); ++row)
      all += c->is_null(row) ? 'n' : c->i64[row] != 0 ? 't' : 'f';
    return all;
  }
  std::string failure(std::string_view expression_text) {
    const auto e = expression::bind(columns_, expression_text);
    return e ? "none" : e.error().text();
  }

  layout columns_;
  batch batch_;
};

} // namespace weir::core
