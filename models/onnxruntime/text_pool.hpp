#pragma once

#include <cstddef>
#include <functional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace weir::models {

/// Texts, each once, that stay where they are as long as the pool lives. Shared by threads.
class text_pool {
public:
  /// @param most_bytes of all texts together, with `text_cost` for each
  explicit text_pool(std::size_t most_bytes) : most_bytes_{most_bytes} {}

  /// What a text costs beside its own bytes.
  static constexpr std::size_t text_cost = 64;

  /// Each text becomes the pool's own. False: there is no room for one that is new; those before it are kept.
  bool keep(std::span<std::string_view> texts);

private:
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::shared_mutex guard_;
  std::unordered_set<std::string, hash, std::equal_to<>> texts_;
};

} // namespace weir::models
