#pragma once

#include "core/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// The parts of a node's output files that one transaction holds. It is a record of that transaction, in the state
/// topic: whoever reads it there knows that these parts are committed.
struct part_list {
  std::vector<std::string> paths; ///< their final ones, without a zero byte

  /// The key of a node's lists. Compaction keeps the newest of each node.
  static std::string key_of(std::string_view node);

  /// The node that a list is of; nothing: a record with this key is no list.
  static std::optional<std::string_view> node_of(std::string_view key) noexcept;

  std::string encode() const;
  static result<part_list> decode(std::string_view bytes);
};

} // namespace weir::core
