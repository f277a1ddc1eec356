#include "io/file/output_parts.hpp"

#include <iterator>
#include <utility>

namespace weir::io {

void output_parts::reset(std::optional<std::string> owner) {
  folders_.clear();
  owner_ = std::move(owner);
}

core::result<std::shared_ptr<part_folder>> output_parts::folder(const config::part_settings& settings,
                                                                const std::string& header) {
  if (const auto found = folders_.find(settings.folder); found != folders_.end())
    return found->second;
  auto opened = part_folder::open({settings.folder, *owner_, header, settings.bytes});
  if (opened)
    folders_.emplace(settings.folder, *opened);
  return opened;
}

void output_parts::begin() {
  for (const auto& [path, folder] : folders_)
    folder->begin();
}

core::result<std::vector<std::string>> output_parts::seal(core::partition_id partition) {
  std::vector<std::string> all;
  for (const auto& [path, folder] : folders_) {
    auto sealed = folder->seal(partition);
    if (!sealed)
      return sealed;
    all.insert(all.end(), std::make_move_iterator(sealed->begin()), std::make_move_iterator(sealed->end()));
  }
  return all;
}

core::result<void> output_parts::publish() {
  core::result<void> outcome;
  for (const auto& [path, folder] : folders_)
    if (auto published = folder->publish(); !published)
      outcome = published;
  return outcome;
}

void output_parts::discard() {
  for (const auto& [path, folder] : folders_)
    folder->discard();
}

std::optional<core::error> output_parts::failure() const {
  for (const auto& [path, folder] : folders_)
    if (auto failure = folder->failure())
      return failure;
  return std::nullopt;
}

} // namespace weir::io
