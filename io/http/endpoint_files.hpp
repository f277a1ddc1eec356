#pragma once

#include "core/base/result.hpp"
#include "io/file_handle.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::io {

/// Where a running node listens, as its endpoint file says: `<state_dir>/<pipeline>-<node>.endpoint`.
struct endpoint_file {
  std::string path;
  std::string pipeline; ///< empty where only the url is known
  std::string url;
  std::string token_file;
};

/// The endpoint files in a folder, of one pipeline or (empty) of all, by name. A node that was killed leaves its own
/// behind, until a node of the pipeline starts there again.
std::vector<endpoint_file> find_endpoints(const std::string& state_dir, const std::string& pipeline);

/// A node's endpoint file and token, there as long as this is. The file is locked meanwhile, which tells it from one
/// whose node was killed.
class announced_endpoint {
public:
  struct content {
    std::string state_dir;
    std::string pipeline;
    std::string node;
    std::string url;
    std::string token_file; ///< the user's; empty: `token` is written beside the endpoint file, for the owner alone
    std::string token;
  };

  /// Removes what nodes of this pipeline have left that live no more, and writes the files. An error says which cannot
  /// be written.
  static core::result<std::unique_ptr<announced_endpoint>> write(const content& what);

  /// Removes the files, unless another node has taken their place.
  ~announced_endpoint();
  announced_endpoint(const announced_endpoint&) = delete;
  announced_endpoint& operator=(const announced_endpoint&) = delete;

private:
  announced_endpoint(std::string state_dir, std::string path, file_handle file) :
      state_dir_{std::move(state_dir)}, path_{std::move(path)}, file_{std::move(file)} {}

  std::string state_dir_;
  std::string path_;
  file_handle file_; ///< holds the lock
};

} // namespace weir::io
