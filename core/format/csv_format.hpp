#pragma once

#include "core/format/format.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

// What csv_format consists of, beside core/format/csv_rows.hpp and csv_objects.hpp.

namespace weir::core {

std::unique_ptr<decoder> make_csv_decoder(decode_options options);

/// RFC 4180 rows without a line end; null is an empty field.
std::unique_ptr<record_writer> make_csv_writer(const layout& columns);

/// The header of what make_csv_writer() writes, without a line end: the source's fields in body order, then the added
/// ones.
std::string csv_header(const std::vector<std::string>& body_fields, const layout& columns);

void write_csv_bodies(batch& b, std::span<const body_field> fields);

/// An error says that no column has this name.
result<std::unique_ptr<record_key>> make_csv_key(const std::vector<std::string>& header, const std::string& field,
                                                 const csv_dialect& dialect);

} // namespace weir::core
