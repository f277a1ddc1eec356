#include "core/format/json_format.hpp"

#include <array>

namespace weir::core {

namespace {

constexpr std::array<std::string_view, 3> json_extensions{".ndjson", ".jsonl", ".json"};

} // namespace

constexpr format_kind json_format{
    .name = "json",
    .help = "a JSON object for each record; in a file one a line",
    .example = R"({"CustomerID":"C000042","Date":"2026-01-05T13:45:10.000Z","Amount":12.5})",
    .extensions = json_extensions,
    .first_row = [](std::string_view text, const csv_dialect&) noexcept { return find_line(text); },
    .make_decoder = make_json_decoder,
    .make_writer = make_json_writer,
    .write_bodies = write_json_bodies,
    .make_key = [](const std::vector<std::string>& header, const std::string& field,
                   const csv_dialect&) { return make_json_key(header, field); }};

} // namespace weir::core
