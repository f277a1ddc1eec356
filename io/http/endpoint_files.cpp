#include "io/http/endpoint_files.hpp"

#include "io/file_handle.hpp"
#include "io/http/access_token.hpp"
#include "io/record_lines.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace weir::io {

namespace fs = std::filesystem;

namespace {

/// Held while files come and go, so that nodes which start and end at the same time do not take each other's.
class folder_lock {
public:
  explicit folder_lock(const std::string& folder) : folder_{folder, O_RDONLY | O_DIRECTORY} {
    static_cast<void>(folder_.lock(LOCK_EX)); // where a file system knows no locks it goes without
  }

private:
  file_handle folder_;
};

std::string token_beside(const std::string& endpoint) {
  return fs::path{endpoint}.replace_extension(".token").string();
}

void remove_pair(const std::string& endpoint) {
  std::error_code ignored;
  fs::remove(endpoint, ignored);
  fs::remove(token_beside(endpoint), ignored); // never a user's own
}

/// Removes the files of nodes that live no more, but for those that are to be replaced.
void remove_left_behind(const announced_endpoint::content& of, const std::string& own) {
  for (const auto& found : find_endpoints(of.state_dir, of.pipeline)) {
    const file_handle file{found.path, O_RDONLY};
    if (found.path != own && file.lock(LOCK_EX | LOCK_NB))
      remove_pair(found.path);
  }
}

core::error cannot_write(const std::string& path) {
  return {"cannot write '" + path + "': " + std::strerror(errno), {}, "choose another folder with state.dir"};
}

} // namespace

std::vector<endpoint_file> find_endpoints(const std::string& state_dir, const std::string& pipeline) {
  std::vector<endpoint_file> out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{state_dir, failed}) {
    if (entry.path().extension() != ".endpoint")
      continue;
    endpoint_file found;
    found.path = entry.path().string();
    std::ifstream file{entry.path()};
    if (std::getline(file, found.url) && std::getline(file, found.token_file) && std::getline(file, found.pipeline)
        && (pipeline.empty() || found.pipeline == pipeline))
      out.push_back(std::move(found));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return out;
}

core::result<std::unique_ptr<announced_endpoint>> announced_endpoint::write(const content& what) {
  std::error_code ignored;
  fs::create_directories(what.state_dir, ignored);
  const folder_lock lock{what.state_dir};
  const auto path = (fs::path{what.state_dir} / (what.pipeline + "-" + what.node + ".endpoint")).string();
  remove_left_behind(what, path);
  const auto token_file = what.token_file.empty() ? token_beside(path) : what.token_file;
  if (what.token_file.empty())
    if (auto written = write_token(token_file, what.token); !written)
      return tl::unexpected{written.error()};
  // A new file takes the old one's place, whole: a node of the same name that still lives has a lock on its own.
  const auto made = path + ".new";
  ::unlink(made.c_str());
  file_handle file{made, O_WRONLY | O_CREAT | O_EXCL};
  static_cast<void>(file.lock(LOCK_EX | LOCK_NB));
  const auto text = what.url + "\n" + fs::absolute(token_file).string() + "\n" + what.pipeline + "\n";
  if (file.get() < 0 || !write_all(file.get(), text) || ::rename(made.c_str(), path.c_str()) != 0)
    return tl::unexpected{cannot_write(path)};
  return std::unique_ptr<announced_endpoint>{new announced_endpoint{what.state_dir, path, std::move(file)}};
}

announced_endpoint::~announced_endpoint() {
  {
    const folder_lock lock{state_dir_};
    if (file_.is_at(path_))
      remove_pair(path_);
  }
}

} // namespace weir::io
