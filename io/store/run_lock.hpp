#pragma once

#include "core/base/result.hpp"
#include "io/file_handle.hpp"

#include <string>

namespace weir::io {

/// That this process alone runs something that is called `name`, among those that have the same folder for their state.
/// It is let go when this is, or however the process ends.
class run_lock {
public:
  /// An error names the process that has it. Where the file system knows no locks nobody is kept out.
  static core::result<run_lock> take(const std::string& state_dir, const std::string& name);
  ~run_lock();
  run_lock(run_lock&&) = default;
  run_lock& operator=(run_lock&&) = delete;

private:
  run_lock(std::string path, file_handle file) : path_{std::move(path)}, file_{std::move(file)} {}

  std::string path_;
  file_handle file_;
};

} // namespace weir::io
