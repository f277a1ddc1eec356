#pragma once

#include "config/endpoint.hpp"
#include "io/file/part_folder.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// The folders that a node writes parts to, each opened once. Its calls are those of io/file/part_folder.hpp, for all
/// of them.
class output_parts {
public:
  /// Lets all go. @param owner begins the names of parts; nothing: files take no part in transactions
  void reset(std::optional<std::string> owner);

  /// Whether files take part in the node's transactions.
  bool is_used() const noexcept { return owner_.has_value(); }

  core::result<std::shared_ptr<part_folder>> folder(const config::part_settings& settings, const std::string& header);

  void begin();
  core::result<std::vector<std::string>> seal(core::partition_id partition);
  core::result<void> publish();
  void discard();
  std::optional<core::error> failure() const;

private:
  std::optional<std::string> owner_;
  std::map<std::string, std::shared_ptr<part_folder>> folders_;
};

} // namespace weir::io
