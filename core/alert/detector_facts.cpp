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

std::vector<std::string> describe(const detector_facts& detector, const batch& b, const std::vector<row_index>& rows,
                                  json_records& records) {
  const auto shown = records.write(b, rows);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& text = all.emplace_back(detector.members);
    for (std::size_t column = 0; column < detector.said.size(); ++column) {
      text += ',' + json_quoted(detector.names[column]) + ':';
      append_json_value(b.at(detector.said[column]), rows[i], text);
    }
    text += ",\"record\":";
    text += shown.value(i);
    text += ",\"label\":null";
  }
  return all;
}

} // namespace weir::core
