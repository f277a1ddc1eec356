#pragma once

#include <optional>
#include <string_view>

namespace weir::core {

/// Finds the key of a record that stands in a file: the bytes that `weir produce` keys it by in Kafka, and by which a
/// file source chooses its partition. A string is its text, without quotes and escapes; anything else is as it is
/// written. A record has no key when the field is null (in CSV: empty, without quotes) or is not there, and when
/// the record is not well-formed as far as it has to be read to find the field. Not thread-safe.
class record_key {
public:
  virtual ~record_key() = default;

  /// The key of a row or line, valid until the next call and as long as `record`.
  virtual std::optional<std::string_view> of(std::string_view record) = 0;
};

} // namespace weir::core
