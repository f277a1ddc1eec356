// Whatever the text: an expression binds or is refused, and what binds gives a column of as many values as there are
// records.

#include "core/expression/expression.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

core::column_ptr shared(core::column c) {
  return std::make_shared<const core::column>(std::move(c));
}

/// Three records, the last of them all null.
core::batch make_batch(core::layout& columns) {
  core::batch b;
  b.raw = fuzz::block_of_lines("1\n2\n3");
  b.rows = {0, 1, 2};
  core::column text, number, integer;
  text.type = core::column_type::string;
  text.text = {"abc", "2026-01-05T13:45:10Z", ""};
  number.f64 = {1.5, -1e300, 0};
  integer.type = core::column_type::int64;
  integer.i64 = {7, INT64_MIN, 0};
  for (auto* c : {&text, &number, &integer})
    c->null = {0, 0, 1};
  columns.add({.name = "s", .type = text.type, .from_source = true});
  columns.add({.name = "d", .type = number.type, .from_source = true});
  columns.add({.name = "i", .type = integer.type, .from_source = true});
  b.columns = {shared(std::move(text)), shared(std::move(number)), shared(std::move(integer))};
  return b;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static core::layout columns;
  static const auto b = make_batch(columns);
  const auto bound = core::expression::bind(columns, {reinterpret_cast<const char*>(data), size});
  if (!bound) {
    fuzz::require(!bound.error().what.empty(), "an error without a word");
    return 0;
  }
  const auto values = bound->evaluate(b);
  fuzz::require(values->f64.size() + values->i64.size() + values->text.size() >= b.raw->size(), "values are missing");
  fuzz::require(values->null.empty() || values->null.size() >= b.raw->size(), "null flags are missing");
  return 0;
}
