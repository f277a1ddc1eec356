#include "core/batch/batch.hpp"
#include "core/batch/column.hpp"

namespace weir::core {

std::string_view to_string(column_type type) noexcept {
  switch (type) {
  case column_type::boolean: return "bool";
  case column_type::int64: return "int";
  case column_type::float64: return "double";
  case column_type::timestamp: return "timestamp";
  case column_type::string: return "string";
  }
  return "?";
}

std::string_view to_string(stage s) noexcept {
  switch (s) {
  case stage::decode: return "decode";
  case stage::cast: return "cast";
  case stage::infer: return "infer";
  case stage::detect: return "detect";
  case stage::aggregate: return "aggregate";
  case stage::produce: return "produce";
  }
  return "?";
}

} // namespace weir::core
