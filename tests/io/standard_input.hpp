#pragma once

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace weir::io::test {

/// Puts a pipe in the place of standard input.
class standard_input {
public:
  standard_input() : before_{::dup(STDIN_FILENO)} {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    write_end_ = ends[1];
  }
  ~standard_input() {
    end();
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  standard_input(const standard_input&) = delete;

  void say(const std::string& text) {
    EXPECT_EQ(::write(write_end_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (write_end_ >= 0)
      ::close(std::exchange(write_end_, -1));
  }

private:
  int before_;
  int write_end_ = -1;
};

} // namespace weir::io::test
