#include "io/console/dead_letter_log.hpp"

#include "io/record_lines.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace weir::io {

namespace {

constexpr auto interval = std::chrono::seconds(1);

} // namespace

void dead_letter_summary::add(const std::vector<dead_letter>& letters) {
  for (const auto& letter : letters) {
    const auto reason = core::dead_letter_reason_of(letter.stage, letter.reason);
    ++counts_[reason];
    if (!std::exchange(is_known_[reason], true))
      first_[reason] = std::string{letter.topic} + "/" + std::to_string(value_of(letter.partition)) + "@"
                       + std::to_string(value_of(letter.at)) + ": " + std::string{letter.reason};
  }
}

std::string dead_letter_summary::take() {
  std::string line;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0)
      continue;
    const auto& reason = core::dead_letter_reason_table[i];
    line.append(line.empty() ? "dead letters: " : ", ").append(std::to_string(std::exchange(counts_[i], 0)));
    line.append(" ").append(to_string(reason.stage)).append(" ").append(reason.code);
    if (const auto first = std::exchange(first_[i], {}); !first.empty())
      line.append(" (the first is ").append(first).append(")");
  }
  return line;
}

logged_dead_letters::logged_dead_letters() : speaker_{[this] { say_now_and_then(); }} {}

logged_dead_letters::~logged_dead_letters() {
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
  }
  changed_.notify_one();
  speaker_.join();
}

void logged_dead_letters::write(const std::vector<dead_letter>& letters, delivered then) {
  if (spdlog::should_log(spdlog::level::debug))
    spdlog::debug("dead letters:\n{}", lines_of(letters));
  {
    const std::lock_guard lock{mutex_};
    summary_.add(letters);
    is_due_ = true;
  }
  changed_.notify_one();
  then(true);
}

void logged_dead_letters::say_now_and_then() {
  std::unique_lock lock{mutex_};
  while (!is_over_ || is_due_) {
    changed_.wait(lock, [&] { return is_over_ || is_due_; });
    if (!std::exchange(is_due_, false))
      continue;
    const auto line = summary_.take();
    lock.unlock();
    spdlog::warn("{}", line);
    lock.lock();
    changed_.wait_for(lock, interval, [&] { return is_over_; });
  }
}

} // namespace weir::io
