#pragma once

#include "core/base/result.hpp"
#include "core/batch/record_block.hpp"
#include "core/commit/commit_protocol.hpp"
#include "io/file/file_print.hpp"
#include "io/sink.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace weir::io {

/// Lane state of a pipeline whose source is a file: one SQLite file with the state, the markers and the lengths of the
/// output files, changed in one transaction a commit.
class local_store final : public changelog {
public:
  /// Opens or makes the file, and holds it alone. An error when another process holds it, and when the file is
  /// damaged or no state of Weir; such a file stays as it is.
  static core::result<std::shared_ptr<local_store>> open(const std::string& path);
  ~local_store() override;
  local_store(const local_store&) = delete;
  local_store& operator=(const local_store&) = delete;

  /// Keeps the changes until commit(); told as delivered at once.
  std::vector<refusal> write(core::record_block_ptr changes, core::partition_id partition, delivered then) override;

  /// Makes all changes since the last commit durable, together with the output files' lengths.
  core::result<void> commit(const std::map<std::string, std::uint64_t>& lengths);

  /// Drops the changes since the last commit.
  void abort();

  /// What a partition's lane had at the last commit.
  core::result<restored_state> restore(core::partition_id partition);

  /// Length of an output file at the last commit; nothing when there was none.
  core::result<std::optional<std::uint64_t>> length_of(const std::string& path);

  /// What the source's file was known by when it was opened; nothing when there was none.
  core::result<std::optional<file_print>> source();

  /// Keeps that, durably. Where a file is known already it is the same one, and may have grown.
  core::result<void> keep_source(const file_print& print);

  /// How the source's rows were read when it was opened first (any text); empty: nothing is known.
  core::result<std::string> reading();

  /// Keeps that, durably.
  core::result<void> keep_reading(const std::string& how);

  /// Forgets everything: the source was read to its end.
  core::result<void> clear();

private:
  local_store(sqlite3* db, std::string path) : db_{db}, path_{std::move(path)} {}
  core::result<void> check_owner();
  core::result<void> execute(const char* sql);
  core::error problem(const char* doing) const;

  sqlite3* db_;
  std::string path_;
  std::mutex mutex_;
  std::vector<std::pair<core::partition_id, core::record_block_ptr>> staged_;
};

} // namespace weir::io
