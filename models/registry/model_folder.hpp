#pragma once

#include "core/base/result.hpp"
#include "models/registry/audit_log.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace weir::models {

/// A version of a model: a file that is never changed.
struct model_version {
  std::uint64_t number = 0;
  std::string file;       ///< its path
  std::uint64_t size = 0; ///< bytes
  std::string digest{};   ///< SHA-256 of the bytes that were added; empty: the log does not say
  std::string added{};    ///< ISO 8601, UTC; empty: the log does not say
};

/// Versions by the names that say what they are for: `champion`.
using model_aliases = std::map<std::string, std::uint64_t, std::less<>>;

inline constexpr auto aliases_file = "aliases.json";
inline constexpr auto log_file = "log.ndjson";

// What stands in the folder of a model, as it is now.

/// By their numbers; only regular files count. @param entries without_undone()
core::result<std::vector<model_version>> versions_in(const std::string& folder, const std::vector<log_entry>& entries);

/// The largest number that a name in the folder has, whatever is called so; 0: none has one.
std::uint64_t largest_number_in(const std::string& folder);

core::result<model_aliases> aliases_in(const std::string& folder);
std::string text_of(const model_aliases& aliases);

core::result<audit_log> log_in(const std::string& folder);

} // namespace weir::models
