#pragma once

#include "core/transform/transform.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::core {

/// What is known of a record beside its value.
enum class record_fact : std::uint8_t { timestamp, partition, offset, key, topic, header };

/// The type of the column that holds it.
column_type type_of(record_fact what) noexcept;

/// A column of such facts.
struct metadata_column {
  column_id id = 0;
  record_fact what = record_fact::timestamp;
  std::size_t header = 0; ///< of a header: its place in raw_block::headers
};

/// Makes columns of what a reader knows of each record. Texts are UTF-8: U+FFFD stands for every byte of a key or a
/// header that is none. A record without the key or the header has null there.
/// @param topic that the records are from, or the file
transform_ptr make_record_metadata(std::vector<metadata_column> columns, std::string topic);

} // namespace weir::core
