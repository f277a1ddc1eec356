#pragma once

#include "core/base/result.hpp"
#include "core/format/format.hpp"
#include "core/format/record_rows.hpp"
#include "io/file/file_print.hpp"
#include "io/file/unpacker.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::io {

/// The records of a file or of standard input, one after the other, behind the header where there is one. What gzip or
/// zstd has packed is unpacked. One thread reads.
class record_file {
public:
  struct record {
    std::string_view text;               ///< the line or row as it stands, valid until the next call
    std::optional<std::string_view> key; ///< see core/format/record_key.hpp; valid as long
    std::uint64_t line;                  ///< on which it begins, from 1
    bool is_cut = false;                 ///< it is too long: this is its beginning
  };

  /// Asked before each wait of a tenth of a second for a pipe or a terminal that has nothing now; false: the reading is
  /// over.
  using keep_waiting = std::function<bool()>;

  /// @param path `-`: standard input
  /// @param key field that keys the records; empty: none has a key
  /// @param rows how they are read where the format has a header
  /// @param follow a regular file has no end: at its end it is waited for more, and a last line without a line end is
  /// no record yet An error says that there is no such file, that it has no header, or no such column. Waits for a
  /// header.
  static core::result<std::unique_ptr<record_file>> open(const std::string& path, const core::format_kind& format,
                                                         const std::string& key, const core::row_reading& rows = {},
                                                         bool follow = false);
  ~record_file();
  record_file(const record_file&) = delete;
  record_file& operator=(const record_file&) = delete;

  /// Has it told what a file that is followed is known again by, as far as it was read: now, and before records come
  /// out by which more of its beginning is known. An error of `keep` is one of the file.
  core::result<void> tell_print(std::function<core::result<void>(const file_print&)> keep);

  /// The names of the fields; empty where the format has no header.
  const std::vector<std::string>& header() const noexcept { return header_; }

  /// The next record; nothing at the end, and where reading fails.
  std::optional<record> next(const keep_waiting& ask);

  /// Why the file could not be read to its end; nothing when it could.
  const std::optional<core::error>& failure() const noexcept { return failure_; }

private:
  record_file(std::string path, const core::format_kind& format, const core::row_reading& rows, bool follow) :
      path_{std::move(path)}, follow_{follow}, reading_{rows}, rows_{format, rows.dialect} {}

  core::result<void> open_it();
  core::result<void> read_header(const core::header_kind* of);
  core::result<void> find_keys(const core::format_kind& format, const std::string& field);
  std::optional<core::record_rows::row> next_row(const keep_waiting& ask);
  bool take_more(const keep_waiting& ask);
  bool take_beginning(const keep_waiting& ask);
  bool take_packed(const keep_waiting& ask);
  std::optional<std::size_t> read(std::span<char> room, const keep_waiting& ask);
  bool wait(const keep_waiting& ask) const;
  bool wait_for_growth(const keep_waiting& ask);
  bool has_kept_its_end() const;
  bool is_told();
  core::result<void> tell() const;
  bool fail(const std::string& what, bool is_unreachable = true);
  void end();

  std::string path_;
  int fd_ = -1;
  bool follow_;
  bool may_wait_ = false; ///< no regular file
  bool is_ended_ = false;
  core::row_reading reading_;
  core::record_rows rows_;
  bool is_begun_ = false;              ///< whether something has packed it is known
  std::unique_ptr<unpacker> unpacker_; ///< null: nothing has
  std::string packed_;                 ///< what it has not unpacked yet; while it is not known: the beginning
  std::size_t unpacked_ = 0;           ///< so many bytes of that are behind
  std::uint64_t size_read_ = 0;        ///< of a file that is followed
  std::string last_read_;              ///< its last bytes
  std::string first_read_;             ///< its first ones
  std::function<core::result<void>(const file_print&)> keep_print_;
  std::optional<core::error> failure_;
  std::vector<std::string> header_;
  std::unique_ptr<core::record_key> key_; ///< null: no record has one
};

} // namespace weir::io
