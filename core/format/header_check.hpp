#pragma once

#include "core/base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Whether the header of a file has all of `fields`. An error names those that it lacks, and what was probably meant:
/// a field with a similar name, or another delimiter where the header is a single field that has one in it.
/// @param named_by what wants the fields, as that error says it @param if_other what to do with another delimiter
result<void> check_header(const std::vector<std::string>& header, std::span<const std::string> fields,
                          std::string_view named_by = "the pipeline file",
                          std::string_view if_other = "say so by 'delimiter' in source");

} // namespace weir::core
