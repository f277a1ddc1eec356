#pragma once

#include "config/model_set.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weir::config {

/// Looks at the files that slots follow, and says which of them have become other models. Reads files; a file that has
/// not changed is not read again. Not thread-safe.
class model_follower {
public:
  explicit model_follower(const std::vector<models::model_slot>& slots);

  bool follows_any() const noexcept { return !followed_.empty(); }

  /// What is wanted, as long as the pipeline scores with something else and no operator has chosen it: the same wish
  /// again and again, for nobody may have heard it. @param now what the pipeline scores with
  /// @param problems out: why a file that has changed cannot be used; each is said once
  std::vector<core::model_wish> look(const model_set& now, std::vector<std::string>& problems);

private:
  /// A file as it was seen.
  struct print {
    std::string path;
    std::uintmax_t size = 0;
    std::filesystem::file_time_type time{};

    bool operator==(const print&) const = default;
  };

  struct followed {
    std::size_t slot = 0;
    std::optional<print> seen{};
    std::optional<core::model_wish> wish{}; ///< what the file that was seen would be; nothing: it cannot be used
  };

  static std::optional<print> print_of(const models::model_slot& slot);

  const std::vector<models::model_slot>& slots_;
  std::vector<followed> followed_;
};

} // namespace weir::config
