#include "io/file/output_files.hpp"

namespace weir::io {

void output_files::reset(local_store* store) {
  files_.clear();
  store_ = store;
}

core::result<std::shared_ptr<append_file>> output_files::file(const std::string& path) {
  if (const auto found = files_.find(path); found != files_.end())
    return found->second;
  std::uint64_t length = append_file::at_end;
  if (store_ != nullptr) {
    const auto committed = store_->length_of(path);
    if (!committed)
      return tl::unexpected{committed.error()};
    length = *committed;
  }
  auto opened = append_file::open(path, length);
  if (opened)
    files_.emplace(path, *opened);
  return opened;
}

core::result<std::map<std::string, std::uint64_t>> output_files::sync() {
  std::map<std::string, std::uint64_t> lengths;
  for (const auto& [path, file] : files_) {
    auto length = file->sync();
    if (!length)
      return tl::unexpected{length.error()};
    if (file->has_length())
      lengths[path] = *length;
  }
  return lengths;
}

std::optional<core::error> output_files::failure() const {
  for (const auto& [path, file] : files_)
    if (auto failure = file->failure())
      return failure;
  return std::nullopt;
}

} // namespace weir::io
