#pragma once

#include "core/format/value_encoding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir::core {

/// How the columns of a row are encoded, by their names; those that are as they stand are not there.
using row_encodings = std::unordered_map<std::string, value_encoding>;

/// What the schema of a change event says of its row, as Kafka Connect's JSON converter writes schemas: the struct of
/// `after`, else of `before`. Nothing where it is no such schema.
std::optional<row_encodings> read_connect_schema(std::string_view schema);

} // namespace weir::core
