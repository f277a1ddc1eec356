#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace weir::cli {

/// How a child ended.
struct child_end {
  int exit_code = 0; ///< 128 + signal when a signal ended it
};

/// A process that this one starts, watches and tells to end. It is asked to end when its parent dies.
class child_process {
public:
  /// Starts `command` (its first word is a program, looked for in PATH); stdout and stderr go to the end of `log`.
  static std::optional<child_process> start(const std::vector<std::string>& command, const std::string& log);

  /// The same; stdout and stderr go to an open file.
  static std::optional<child_process> start(const std::vector<std::string>& command, int out);

  /// How it has ended, said once, without waiting; nothing while it runs.
  std::optional<child_end> poll();

  void send(int signal) const;
  pid_t id() const noexcept { return id_; }

private:
  explicit child_process(pid_t id) : id_{id} {}
  pid_t id_;
};

} // namespace weir::cli
