#include "io/store/local_store.hpp"

#include "core/commit/marker.hpp"

#include <sqlite3.h>

namespace weir::io {

namespace {

struct statement_deleter {
  void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};
using statement = std::unique_ptr<sqlite3_stmt, statement_deleter>;

statement prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* s = nullptr;
  sqlite3_prepare_v2(db, sql, -1, &s, nullptr);
  return statement{s};
}

void bind_blob(sqlite3_stmt* s, int at, std::string_view bytes) {
  sqlite3_bind_blob64(s, at, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
}

std::string_view blob_of(sqlite3_stmt* s, int at) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(s, at));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(s, at))};
}

bool step(sqlite3_stmt* s) {
  const bool ok = sqlite3_step(s) == SQLITE_DONE;
  sqlite3_reset(s);
  return ok;
}

constexpr auto remove_or_restore =
    "put it back from a copy, or remove it: the pipeline begins anew then, and its output files too";

bool is_damage(int code) {
  return (code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT;
}

std::string remedy_for(int code) {
  switch (code & 0xff) { // the rest is detail
  case SQLITE_BUSY:
  case SQLITE_LOCKED: return "is another process running this pipeline?";
  case SQLITE_NOTADB:
  case SQLITE_CORRUPT: return std::string{"the file is damaged, or no state of Weir: "} + remove_or_restore;
  case SQLITE_FULL: return "make room on its disk";
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_IOERR: return "check the folder and its permissions, or choose another with state.dir";
  default: return {};
  }
}

} // namespace

core::result<std::shared_ptr<local_store>> local_store::open(const std::string& path) {
  sqlite3* db = nullptr;
  const auto code = sqlite3_open(path.c_str(), &db);
  std::shared_ptr<local_store> store{new local_store{db, path}};
  if (code != SQLITE_OK)
    return tl::unexpected{store->problem("open")};
  // One process at a time: two would write the same outputs.
  return store->execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;")
      .and_then([&] { return store->check_owner(); })
      .and_then([&] {
        return store->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                              "CREATE TABLE IF NOT EXISTS state (partition INT, key BLOB, value BLOB,"
                              " PRIMARY KEY (partition, key)) WITHOUT ROWID;"
                              "CREATE TABLE IF NOT EXISTS output (path TEXT PRIMARY KEY, length INT) WITHOUT ROWID;"
                              "CREATE TABLE IF NOT EXISTS source (only_one INT PRIMARY KEY, size INT, head_size INT,"
                              " head INT) WITHOUT ROWID;"
                              "CREATE TABLE IF NOT EXISTS reading (only_one INT PRIMARY KEY, how TEXT) WITHOUT ROWID;");
      })
      .map([&] { return store; });
}

// Another program's database must not be written to.
core::result<void> local_store::check_owner() {
  const auto tables = prepare(db_, "SELECT count(*) FROM sqlite_master");
  if (!tables || sqlite3_step(tables.get()) != SQLITE_ROW)
    return tl::unexpected{problem("read")};
  const bool is_new = sqlite3_column_int(tables.get(), 0) == 0;
  if (!is_new
      && (!prepare(db_, "SELECT partition, key, value FROM state") || !prepare(db_, "SELECT path, length FROM output")))
    return core::fail("the file is no state of Weir", path_, remove_or_restore);
  return {};
}

local_store::~local_store() {
  sqlite3_close(db_);
}

std::vector<refusal> local_store::write(core::record_block_ptr changes, core::partition_id partition, delivered then) {
  {
    const std::lock_guard lock{mutex_};
    staged_.emplace_back(partition, std::move(changes));
  }
  then(true);
  return {};
}

core::result<void> local_store::commit(const std::map<std::string, std::uint64_t>& lengths) {
  const std::lock_guard lock{mutex_};
  if (auto begun = execute("BEGIN"); !begun)
    return begun;
  auto put = prepare(db_, "INSERT OR REPLACE INTO state VALUES (?, ?, ?)");
  auto erase = prepare(db_, "DELETE FROM state WHERE partition = ? AND key = ?");
  auto length = prepare(db_, "INSERT OR REPLACE INTO output VALUES (?, ?)");
  bool ok = put && erase && length;
  for (const auto& [partition, block] : staged_)
    for (std::size_t i = 0; ok && i < block->size(); ++i) {
      const bool gone = block->entries[i].value_size == core::record_block::none;
      auto* s = gone ? erase.get() : put.get();
      sqlite3_bind_int(s, 1, value_of(partition));
      bind_blob(s, 2, block->key(i));
      if (!gone)
        bind_blob(s, 3, block->value(i));
      ok = step(s);
    }
  for (const auto& [path, bytes] : lengths) {
    if (!ok)
      break;
    sqlite3_bind_text(length.get(), 1, path.c_str(), -1, SQLITE_STATIC);
    sqlite3_bind_int64(length.get(), 2, static_cast<sqlite3_int64>(bytes));
    ok = step(length.get());
  }
  if (!ok) {
    auto why = problem("write");
    static_cast<void>(execute("ROLLBACK"));
    return tl::unexpected{why};
  }
  auto committed = execute("COMMIT");
  if (committed)
    staged_.clear();
  return committed;
}

void local_store::abort() {
  const std::lock_guard lock{mutex_};
  staged_.clear();
}

core::result<restored_state> local_store::restore(core::partition_id partition) {
  const std::lock_guard lock{mutex_};
  restored_state out;
  out.partition = partition;
  auto select = prepare(db_, "SELECT key, value FROM state WHERE partition = ?");
  if (!select)
    return tl::unexpected{problem("read")};
  sqlite3_bind_int(select.get(), 1, value_of(partition));
  int code = 0;
  while ((code = sqlite3_step(select.get())) == SQLITE_ROW) {
    const auto key = blob_of(select.get(), 0);
    const auto value = blob_of(select.get(), 1);
    if (key != core::marker::key) {
      out.changes.append(key, value);
      continue;
    }
    auto marker = core::marker::decode(value);
    if (!marker)
      return core::fail(marker.error().what, path_, remove_or_restore);
    out.found = true;
    out.next = marker->next;
  }
  if (code != SQLITE_DONE)
    return tl::unexpected{problem("read")};
  return out;
}

core::result<std::optional<std::uint64_t>> local_store::length_of(const std::string& path) {
  const std::lock_guard lock{mutex_};
  auto select = prepare(db_, "SELECT length FROM output WHERE path = ?");
  if (!select)
    return tl::unexpected{problem("read")};
  sqlite3_bind_text(select.get(), 1, path.c_str(), -1, SQLITE_STATIC);
  const auto code = sqlite3_step(select.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    return tl::unexpected{problem("read")};
  if (code == SQLITE_DONE)
    return std::nullopt;
  return static_cast<std::uint64_t>(sqlite3_column_int64(select.get(), 0));
}

core::result<std::optional<file_print>> local_store::source() {
  const std::lock_guard lock{mutex_};
  auto select = prepare(db_, "SELECT size, head_size, head FROM source");
  const auto code = select ? sqlite3_step(select.get()) : SQLITE_ERROR;
  if (code == SQLITE_DONE)
    return std::nullopt;
  if (code != SQLITE_ROW)
    return tl::unexpected{problem("read")};
  const auto number = [&](int column) {
    return static_cast<std::uint64_t>(sqlite3_column_int64(select.get(), column));
  };
  return file_print{number(0), number(1), static_cast<std::uint32_t>(number(2))};
}

core::result<void> local_store::keep_source(const file_print& print) {
  const std::lock_guard lock{mutex_};
  auto put =
      prepare(db_, "INSERT INTO source VALUES (0, ?, ?, ?) ON CONFLICT DO UPDATE SET size = max(size, excluded.size),"
                   " head_size = excluded.head_size, head = excluded.head");
  if (!put)
    return tl::unexpected{problem("write")};
  sqlite3_bind_int64(put.get(), 1, static_cast<sqlite3_int64>(print.size));
  sqlite3_bind_int64(put.get(), 2, static_cast<sqlite3_int64>(print.head_size));
  sqlite3_bind_int64(put.get(), 3, static_cast<sqlite3_int64>(print.head));
  return step(put.get()) ? core::result<void>{} : tl::unexpected{problem("write")};
}

core::result<std::string> local_store::reading() {
  const std::lock_guard lock{mutex_};
  auto select = prepare(db_, "SELECT how FROM reading");
  const auto code = select ? sqlite3_step(select.get()) : SQLITE_ERROR;
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    return tl::unexpected{problem("read")};
  return code == SQLITE_ROW ? std::string{blob_of(select.get(), 0)} : std::string{};
}

core::result<void> local_store::keep_reading(const std::string& how) {
  const std::lock_guard lock{mutex_};
  auto put = prepare(db_, "INSERT OR REPLACE INTO reading VALUES (0, ?)");
  if (!put)
    return tl::unexpected{problem("write")};
  sqlite3_bind_text(put.get(), 1, how.c_str(), -1, SQLITE_STATIC);
  return step(put.get()) ? core::result<void>{} : tl::unexpected{problem("write")};
}

core::result<void> local_store::clear() {
  const std::lock_guard lock{mutex_};
  staged_.clear();
  return execute("BEGIN; DELETE FROM state; DELETE FROM output; DELETE FROM source; DELETE FROM reading; COMMIT;");
}

core::result<void> local_store::execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::unexpected{problem("use")};
  return {};
}

core::error local_store::problem(const char* doing) const {
  const auto code = sqlite3_errcode(db_);
  return {std::string{"cannot "} + doing + " the state: " + sqlite3_errmsg(db_), path_, remedy_for(code),
          !is_damage(code)};
}

} // namespace weir::io
