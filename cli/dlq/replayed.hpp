#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Which dead letters were replayed, by where they stand. A record of the topic that keeps it says so of one partition
/// and one transaction: ranges of offsets, `10-20,25`. Not thread-safe.
class replayed_letters {
public:
  /// The key of such a record. @param first offset, so that compaction keeps all of them
  static std::string key_of(std::int32_t partition, std::int64_t first);

  /// Its value. @param offsets ascending
  static std::string ranges_of(const std::vector<std::int64_t>& offsets);

  /// Takes a record in. An error: it is none of these.
  core::result<void> take(std::string_view key, std::string_view ranges);

  bool contains(std::int32_t partition, std::int64_t offset) const;

private:
  std::map<std::int32_t, std::map<std::int64_t, std::int64_t>> ranges_; ///< last offsets by first ones
};

} // namespace weir::cli
