#include "io/file/part_recovery.hpp"

#include "io/file/part_name.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include <unistd.h>

namespace weir::io {

namespace {

struct leftover {
  std::string path;
  std::string final_path;
  std::optional<core::partition_id> sealed_for;
};

core::result<std::vector<leftover>> leftovers_in(const std::string& folder, std::optional<std::string_view> owner) {
  std::vector<leftover> out;
  std::error_code problem;
  for (std::filesystem::directory_iterator next{folder, problem}, end; !problem && next != end;
       next.increment(problem)) {
    const auto file = next->path().filename().string();
    const auto part = pending_part::parse(file);
    if (part && (!owner || part->is_of(*owner)))
      out.push_back({folder + "/" + file, folder + "/" + std::string{part->name}, part->sealed_for});
  }
  if (problem && problem != std::errc::no_such_file_or_directory && problem != std::errc::not_a_directory)
    return core::fail("cannot read the folder '" + folder + "': " + problem.message());
  return out;
}

tl::unexpected<core::error> cannot_write(const std::string& path) {
  return core::fail("cannot write '" + path + "': " + std::strerror(errno));
}

core::result<void> remove(const leftover& part) {
  if (::unlink(part.path.c_str()) != 0 && errno != ENOENT)
    return cannot_write(part.path);
  return {};
}

// Another node may do the same at the same time.
core::result<void> show(const leftover& part) {
  if (::rename(part.path.c_str(), part.final_path.c_str()) != 0 && errno != ENOENT)
    return cannot_write(part.final_path);
  return {};
}

core::result<void> settle(const std::vector<std::string>& folders, std::optional<std::string_view> owner,
                          const std::set<std::string>& committed, bool removes) {
  for (const auto& folder : folders) {
    const auto parts = leftovers_in(folder, owner);
    if (!parts)
      return tl::unexpected{parts.error()};
    for (const auto& part : *parts) {
      if (!part.sealed_for)
        continue;
      core::result<void> done;
      if (committed.contains(part.final_path))
        done = show(part);
      else if (removes)
        done = remove(part);
      if (!done)
        return done;
    }
  }
  return {};
}

} // namespace

core::result<std::set<core::partition_id>> remove_open_parts(const std::vector<std::string>& folders,
                                                             std::string_view owner) {
  std::set<core::partition_id> in_doubt;
  for (const auto& folder : folders) {
    const auto parts = leftovers_in(folder, owner);
    if (!parts)
      return tl::unexpected{parts.error()};
    for (const auto& part : *parts)
      if (part.sealed_for)
        in_doubt.insert(*part.sealed_for);
      else if (auto removed = remove(part); !removed)
        return tl::unexpected{removed.error()};
  }
  return in_doubt;
}

core::result<void> settle_parts(const std::vector<std::string>& folders, std::string_view owner,
                                const std::set<std::string>& committed) {
  return settle(folders, owner, committed, true);
}

core::result<void> publish_parts(const std::vector<std::string>& folders, const std::set<std::string>& committed) {
  return settle(folders, std::nullopt, committed, false);
}

} // namespace weir::io
