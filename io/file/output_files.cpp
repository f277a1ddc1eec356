#include "io/file/output_files.hpp"

namespace weir::io {

void output_files::reset(local_store* store) {
  files_.clear();
  store_ = store;
}

core::result<std::shared_ptr<append_file>> output_files::file(const std::string& path, bool append) {
  if (const auto found = files_.find(path); found != files_.end())
    return found->second;
  auto opened = store_ != nullptr ? open_as_committed(path, append) : append_file::open(path, append_file::at_end);
  if (opened)
    files_.emplace(path, *opened);
  return opened;
}

std::shared_ptr<append_file> output_files::standard_output() {
  auto& file = files_["/dev/stdout"];
  if (!file)
    file = append_file::standard_output();
  return file;
}

core::result<std::shared_ptr<append_file>> output_files::open_as_committed(const std::string& path, bool append) {
  const auto committed = store_->length_of(path);
  if (!committed)
    return tl::unexpected{committed.error()};
  if (*committed || !append)
    return append_file::open(path, committed->value_or(0));
  auto opened = append_file::open(path, append_file::at_end);
  if (!opened || !(*opened)->has_length())
    return opened;
  // A restart before the first commit has to find the place again.
  return store_->commit({{path, (*opened)->length()}}).map([&] { return *opened; });
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
