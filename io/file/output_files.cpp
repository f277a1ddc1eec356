#include "io/file/output_files.hpp"

namespace weir::io {

void output_files::reset(local_store* store) {
  files_.clear();
  store_ = store;
}

core::result<std::shared_ptr<append_file>> output_files::file(const std::string& path) {
  auto& entry = files_[path];
  if (entry)
    return entry;
  auto opened = append_file::open(path, store_ != nullptr ? store_->length_of(path) : append_file::at_end);
  if (opened)
    entry = *opened;
  return opened;
}

core::result<std::map<std::string, std::uint64_t>> output_files::sync() {
  std::map<std::string, std::uint64_t> lengths;
  for (const auto& [path, file] : files_) {
    auto length = file->sync();
    if (!length)
      return tl::unexpected{length.error()};
    lengths[path] = *length;
  }
  return lengths;
}

} // namespace weir::io
