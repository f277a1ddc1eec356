#pragma once

#include "core/base/result.hpp"

#include <string>
#include <vector>

namespace weir::io {

/// Which files a pipeline has written, so that one of somebody else is not cut. A file is known by itself (device,
/// inode and time of birth), not by its name: what took its place is not the pipeline's. The list lies beside the
/// state, one for all nodes of the pipeline on a machine.
class written_files {
public:
  written_files(const std::string& state_dir, const std::string& pipeline);

  bool contains(const std::string& path) const;

  /// An error says why it cannot be noted.
  core::result<void> add(const std::string& path);

private:
  std::string list_;
  std::vector<std::string> known_;
};

} // namespace weir::io
