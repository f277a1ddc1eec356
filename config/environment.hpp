#pragma once

#include "core/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weir::config {

/// Where `${...}` in a configuration file gets its values from.
struct environment {
  /// The value of an environment variable, if it is set.
  std::function<std::optional<std::string>(const std::string& name)> variable;

  /// The contents of a file, if it can be read.
  std::function<std::optional<std::string>(const std::string& path)> file;

  /// Of this process and its file system; files of more than 64 KiB are refused.
  static environment of_process();
};

/// Replaces `${NAME}`, `${NAME:-default}` (also for an empty variable, as in a shell) and `${file:/path}` (less one
/// line end);
/// `$${` stands for `${`. What is put in is not looked at again. An error names the variable or the path, never a
/// value.
core::result<std::string> substitute(std::string_view text, const environment& from);

/// True when `text` has something for substitute() to replace.
bool has_reference(std::string_view text) noexcept;

} // namespace weir::config
