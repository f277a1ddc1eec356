#include "core/format/debezium_format.hpp"

#include <algorithm>
#include <array>

namespace weir::core {

change_column change_column_of(std::string_view column) noexcept {
  using part = change_column::part;
  static constexpr std::array<std::string_view, 3> of_envelope{"ts_ms", "ts_us", "ts_ns"};
  static constexpr std::string_view before = "before.";
  static constexpr std::string_view source = "__source_";
  if (column.starts_with(before))
    return {part::old_row, column.substr(before.size())};
  if (!column.starts_with("__"))
    return {part::row, column};
  if (column == "__op")
    return {part::operation, {}};
  if (column == "__deleted")
    return {part::deleted, {}};
  if (column.starts_with(source))
    return {part::source, column.substr(source.size())};
  const auto name = column.substr(2);
  return {std::ranges::find(of_envelope, name) != of_envelope.end() ? part::envelope : part::source, name};
}

constexpr format_kind debezium_format{
    .name = "debezium",
    .help = "a change event of Debezium for each record, as its JSON converter writes it; read only",
    .example = R"({"before":null,"after":{"CustomerID":"C000042","Date":1767620710000,"Amount":12.5},)"
               R"("source":{"connector":"postgresql","name":"shop","ts_ms":1767620710500,"table":"transactions",)"
               R"("sequence":"[\"24023119\",\"24023128\"]","lsn":24023128},"op":"c","ts_ms":1767620710700})",
    .extensions = {},
    .first_row = [](std::string_view text, const csv_dialect&) noexcept { return find_line(text); },
    .make_decoder = make_debezium_decoder,
    .make_writer = nullptr,
    .write_bodies = nullptr,
    .make_key = [](const std::vector<std::string>& header, const std::string& field,
                   const csv_dialect&) { return make_debezium_key(header, field); },
    .holds_changes = true};

} // namespace weir::core
