#pragma once

#include <span>
#include <string_view>

// All formats of records. A format is one file, one line here and one in the table of formats.cpp.

namespace weir::core {

/// What a format consists of: core/format/format.hpp.
struct format_kind;

extern const format_kind json_format;
extern const format_kind csv_format;
extern const format_kind debezium_format;

/// In the order of `weir list`.
std::span<const format_kind* const> formats() noexcept;

/// Null: there is none of that name.
const format_kind* find_format(std::string_view name) noexcept;

/// The format whose extension `path` ends in, with `.gz` or `.zst` behind it or without; `otherwise` where there is
/// none.
const format_kind* format_of_file(std::string_view path, const format_kind* otherwise) noexcept;

} // namespace weir::core
