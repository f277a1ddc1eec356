#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

// What a crash leaves in folders of parts (io/file/part_folder.hpp). Each of these may be repeated. A folder that is
// not there holds nothing.

namespace weir::io {

/// Removes the parts that their owner was writing: no transaction that can still be committed holds them. To be called
/// when the owner's older transactions are decided.
/// @returns the partitions of the state topic that say what became of its sealed parts
core::result<std::set<core::partition_id>> remove_open_parts(const std::vector<std::string>& folders,
                                                             std::string_view owner);

/// Shows the sealed parts of an owner that were committed, and removes the others.
/// @param committed final paths; complete for all partitions that remove_open_parts() has named
core::result<void> settle_parts(const std::vector<std::string>& folders, std::string_view owner,
                                const std::set<std::string>& committed);

/// Shows the sealed parts that were committed, whosever they are: their node may never come back. Removes nothing.
core::result<void> publish_parts(const std::vector<std::string>& folders, const std::set<std::string>& committed);

} // namespace weir::io
