#include "core/format/csv_format.hpp"

#include "core/format/csv_objects.hpp"
#include "core/format/csv_rows.hpp"

#include <array>

namespace weir::core {

namespace {

constexpr std::array<std::string_view, 1> csv_extensions{".csv"};

constexpr header_kind csv_header_row{.read = parse_csv_header,
                                     .write = csv_header,
                                     .make_objects = [](const std::vector<std::string>& names,
                                                        const csv_dialect& dialect) -> std::unique_ptr<row_objects> {
                                       return std::make_unique<csv_objects>(names, dialect);
                                     },
                                     .remedy = "a CSV file begins with the names of its columns"};

} // namespace

constexpr format_kind csv_format{.name = "csv",
                                 .help = "a row of RFC 4180 for each record; a file begins with the fields' names",
                                 .example = "C000042,2026-01-05T13:45:10.000Z,12.5",
                                 .extensions = csv_extensions,
                                 .first_row = find_csv_row,
                                 .make_decoder = make_csv_decoder,
                                 .make_writer = make_csv_writer,
                                 .write_bodies = write_csv_bodies,
                                 .make_key = make_csv_key,
                                 .header = &csv_header_row};

} // namespace weir::core
