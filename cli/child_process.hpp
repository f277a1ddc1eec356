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

/// A process of this program's own: started, watched, told to end. It dies with its parent.
class child_process {
public:
  /// Starts `command` (its first word is the program's path); stdout and stderr go to `log`.
  static std::optional<child_process> start(const std::vector<std::string>& command, const std::string& log);

  /// Whether it has ended, without waiting.
  std::optional<child_end> poll();

  void send(int signal) const;
  pid_t id() const noexcept { return id_; }

private:
  explicit child_process(pid_t id) : id_{id} {}
  pid_t id_;
};

} // namespace weir::cli
