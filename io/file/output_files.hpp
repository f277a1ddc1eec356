#pragma once

#include "io/file/append_file.hpp"
#include "io/store/local_store.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace weir::io {

/// The files that a node appends to, each opened once.
class output_files {
public:
  /// Closes all. @param store knows the lengths of files at the last commit; null: files go on where they end
  void reset(local_store* store);

  /// @param append what no commit knows goes on where it ends; false: it begins anew
  core::result<std::shared_ptr<append_file>> file(const std::string& path, bool append);

  std::shared_ptr<append_file> standard_output();

  /// Waits for the files' bytes to be on the disk. @returns the lengths then, by path, of those that have one
  core::result<std::map<std::string, std::uint64_t>> sync();

  /// Why one of them takes nothing any more.
  std::optional<core::error> failure() const;

private:
  core::result<std::shared_ptr<append_file>> open_as_committed(const std::string& path, bool append);

  local_store* store_ = nullptr;
  std::map<std::string, std::shared_ptr<append_file>> files_;
};

} // namespace weir::io
