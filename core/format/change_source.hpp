#pragma once

#include "core/batch/change_positions.hpp"
#include "core/format/json_index.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace weir::core {

/// Finds where a change stands in its database's log, from the `source` of the event.
///
/// PostgreSQL: `sequence`, the last commit and the record: records of transactions that ran at once are in the order of
/// their commits, so that `lsn` alone does not ascend. MySQL and MariaDB: the number of the binlog, `pos` and `row`, of
/// one server. SQL Server: `commit_lsn`, `change_lsn` and `event_serial_no`. Of others, and where these are not there,
/// nothing: positions that may not ascend would lose changes.
class change_source {
public:
  /// Declares what it needs.
  explicit change_source(json_index& source);

  /// Begins a batch. @param records in it
  void start(std::size_t records);

  /// Notes the position of a record whose `source` has been walked, and which is no row of a snapshot.
  /// @param content a hash of the change
  void note(const json_tokens& tokens, std::size_t record, std::uint64_t content);

  std::shared_ptr<const change_positions> finish() { return std::exchange(made_, nullptr); }

private:
  std::string_view text(const json_tokens& tokens, std::size_t slot) const;
  bool find_position(const json_tokens& tokens, std::array<std::uint64_t, 3>& position) const;
  std::uint32_t find_source(const json_tokens& tokens);

  const json_index& source_;
  std::size_t connector_, time_, sequence_, file_, pos_, row_, commit_, change_, serial_;
  std::array<std::size_t, 6> identity_; ///< slots of what tells sources apart
  std::shared_ptr<change_positions> made_;
  std::uint32_t last_ = change_positions::unknown; ///< the source of the record before
  std::string name_;
};

} // namespace weir::core
