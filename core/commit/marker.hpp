#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"

#include <string>
#include <string_view>

namespace weir::core {

/// The last record of a lane's state changes in an epoch: what the state before it reflects.
struct marker {
  partition_id partition{};
  epoch at{};
  offset next{};    ///< all records below are reflected
  std::string node; ///< who wrote it: its transactional id is derived from this name

  /// The key of markers in the changelog. State keys begin with an operator's tag, which is never 0xff.
  static constexpr std::string_view key{"\xffmarker", 7};

  /// Key of the record that opens a lane's transaction in the changelog; its value is the name of the node. As long as
  /// the transaction is open it keeps the changelog's end out of sight, as the outputs' ends are: whoever takes the
  /// partition over sees that there is a transaction to be ended, and whose, even when no state was written yet.
  static constexpr std::string_view opening_key{"\xffopen", 5};

  std::string encode() const;
  static result<marker> decode(std::string_view bytes);
};

} // namespace weir::core
