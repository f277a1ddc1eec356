#include "cli/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::cli {

std::optional<child_process> child_process::start(const std::vector<std::string>& command, const std::string& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out < 0)
    return std::nullopt;
  auto child = start(command, out);
  ::close(out);
  return child;
}

std::optional<child_process> child_process::start(const std::vector<std::string>& command, int out) {
  std::vector<char*> words;
  for (const auto& word : command)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const auto parent = ::getpid();
  const auto id = ::fork();
  if (id == 0) {
    // A group of its own: Ctrl-C on the terminal reaches the parent alone, which drains its children in order.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent)
      ::_exit(1);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execvp(words.front(), words.data());
    std::perror(words.front());
    ::_exit(127);
  }
  if (id < 0)
    return std::nullopt;
  return child_process{id};
}

std::optional<child_end> child_process::poll() {
  int status = 0;
  if (::waitpid(id_, &status, WNOHANG) != id_)
    return std::nullopt;
  return child_end{WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)};
}

void child_process::send(int signal) const {
  ::kill(id_, signal);
}

} // namespace weir::cli
