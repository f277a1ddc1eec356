#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"
#include "core/batch/record_block.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::core {

/// How far a lane has read its partition of a topic of labels. It is state of the lane: so labels move with the records
/// that they were read between, and with what is remembered of both.
struct label_place {
  std::string topic;
  offset next{}; ///< of the first label that was not read

  bool operator==(const label_place&) const = default;
};

/// Key of its record in a lane's state.
inline constexpr std::string_view label_place_key{"\x0b", 1};
std::string encode_label_place(const label_place& place);

/// The place in that topic that a lane's state has; nothing: the lane has read none of its labels. An error: the record
/// is none, or one of another version of Weir.
result<std::optional<offset>> find_label_place(const record_block& changes, std::string_view topic);

} // namespace weir::core
