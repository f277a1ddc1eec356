#pragma once

#include "core/batch/record_block.hpp"
#include "core/commit/marker.hpp"
#include "core/commit/part_list.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace weir::core {

/// Makes a lane's state of its partition of `<pipeline>-state`, read from the first record to the last: the newest
/// value of each key. A delta and its marker are committed in one transaction, so what a read_committed reader sees
/// ends with a marker, whatever compaction has removed.
class changelog_replay {
public:
  /// Takes the next record. An error: it is a marker or a list of parts of another version.
  result<void> apply(std::string_view key, std::optional<std::string_view> value);

  /// Behind the last record. An error: changes stand behind the last marker, so it was not Weir that wrote them.
  result<void> finish() const;

  /// The last marker; none: nothing was ever committed, and there are no changes.
  const std::optional<marker>& last() const noexcept { return last_; }

  record_block changes() const;

  /// The final paths of parts of files that were committed. Those of older lists may be missing.
  const std::set<std::string>& parts() const noexcept { return parts_; }

private:
  result<void> take_parts(std::optional<std::string_view> value);

  std::map<std::string, std::string, std::less<>> values_;
  std::optional<marker> last_;
  std::set<std::string> parts_;
  bool is_marked_ = true; ///< no change has come since the last marker
};

} // namespace weir::core
