#include "core/alert/detector_facts.hpp"

#include "core/alert/alert_summary.hpp"
#include "core/format/json_text.hpp"

#include <cmath>

namespace weir::core {

namespace {

/// A number as such, any other value as a text.
void append_json_value(const column& of, row_index row, std::string& out) {
  std::string text;
  append_value(of, row, text);
  const bool is_plain = of.is_null(row) || of.type == column_type::int64 || of.type == column_type::boolean
                        || (of.type == column_type::float64 && std::isfinite(of.f64[row]));
  out += is_plain ? text : json_quoted(text);
}

} // namespace

std::string describe(const detector_facts& detector, const batch& b, row_index row, json_records* records) {
  std::string text;
  for (std::size_t i = 0; i < detector.said.size(); ++i) {
    text += ',' + json_quoted(detector.names[i]) + ':';
    append_json_value(b.at(detector.said[i]), row, text);
  }
  text += ",\"record\":";
  if (records == nullptr)
    text += "null";
  else
    text += records->write(b, {row}).value(0);
  return text + ",\"label\":null";
}

} // namespace weir::core
