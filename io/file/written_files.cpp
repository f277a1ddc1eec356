#include "io/file/written_files.hpp"

#include "io/file_handle.hpp"
#include "io/record_lines.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace weir::io {

namespace {

/// An inode alone may be that of a file that came later; some file systems know no time of birth, and have 0.
std::string identity_of(const std::string& path) {
  struct statx found {};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &found) != 0)
    return {};
  const auto born = (found.stx_mask & STATX_BTIME) != 0 ? found.stx_btime : statx_timestamp{};
  return std::to_string(found.stx_dev_major) + ":" + std::to_string(found.stx_dev_minor) + " "
         + std::to_string(found.stx_ino) + " " + std::to_string(born.tv_sec) + "." + std::to_string(born.tv_nsec);
}

} // namespace

written_files::written_files(const std::string& state_dir, const std::string& pipeline) :
    list_{state_dir + "/" + pipeline + ".files"} {
  std::ifstream in{list_};
  for (std::string line; std::getline(in, line);)
    known_.push_back(std::move(line));
}

bool written_files::contains(const std::string& path) const {
  const auto wanted = identity_of(path);
  return !wanted.empty() && std::find(known_.begin(), known_.end(), wanted) != known_.end();
}

core::result<void> written_files::add(const std::string& path) {
  if (contains(path))
    return {};
  known_.push_back(identity_of(path));
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path{list_}.parent_path(), ignored);
  const file_handle list{list_, O_WRONLY | O_CREAT | O_APPEND};
  if (list.get() < 0 || !write_all(list.get(), known_.back() + "\n"))
    return core::fail("cannot write '" + list_ + "': " + std::strerror(errno), {},
                      "choose another folder with state.dir");
  return {};
}

} // namespace weir::io
