#pragma once

#include "cli/kafka_options.hpp"
#include "core/base/result.hpp"
#include "core/expression/expression.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace weir::cli {

/// A dead letter as it was written, to a topic or to a file (docs/operating.md).
struct letter {
  std::int32_t own_partition = 0; ///< where it stands among the dead letters; of a file 0
  std::int64_t own_offset = 0;    ///< likewise; of a file the line, from 1
  std::optional<std::string> key;
  std::optional<std::string> value; ///< absent: null
  std::string topic;                ///< that the record was read from, or a file
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp = 0; ///< of the record, ms
  std::string stage;
  std::string reason;
  std::int64_t refused_at = 0; ///< ms
  std::uint64_t cut = 0;       ///< bytes that the value had, where only its beginning is there; 0: it is whole
};

/// Where dead letters are read.
struct letters_options {
  std::string from; ///< a file, or a topic
  kafka_options kafka;
  std::string where; ///< an expression over their fields; empty: all
};

void add_letters_options(arguments& verb, letters_options& options);

/// Chooses letters by `stage`, `code` (what they are counted by), `reason`, `topic`, `partition`, `offset`, `key`,
/// `value`, `timestamp` and `time` (of the refusal).
class letter_filter {
public:
  static core::result<letter_filter> make(const std::string& where);

  bool takes(const letter& one) const;

private:
  explicit letter_filter(std::optional<core::expression> where) : where_{std::move(where)} {}

  std::optional<core::expression> where_;
};

/// What a letter's reason is counted by: `malformed`.
std::string_view code_of(const letter& one);

/// `dead/0@12`, `dead.ndjson:3`.
std::string place_of(const letters_options& options, const letter& one);

/// Whether the letters stand in a file, and not in a topic.
bool are_in_a_file(const letters_options& options);

/// Reads all letters that are there now, those of a partition in their order, and chooses none. What is no dead letter
/// is an error that names its place.
core::result<void> for_each_letter(const letters_options& options,
                                   const std::function<core::result<void>(letter&&)>& take);

} // namespace weir::cli
