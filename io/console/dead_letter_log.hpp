#pragma once

#include "core/stats/dead_letter_reasons.hpp"
#include "io/sink.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::io {

/// What is to be said of dead letters that nobody keeps. Not thread-safe.
class dead_letter_summary {
public:
  void add(const std::vector<dead_letter>& letters);

  /// A line about those since the last one: how many there are of each stage and reason, and of each that is new the
  /// first, with its place. Empty: there were none.
  std::string take();

private:
  core::dead_letter_counts counts_{};
  std::array<std::string, core::dead_letter_reasons_count> first_; ///< to be said
  std::array<bool, core::dead_letter_reasons_count> is_known_{};
};

/// Dead letters of a pipeline that says of none: at most one line a second in the log, and where that is at debug level
/// each of them, whole.
class logged_dead_letters final : public dead_letter_sink {
public:
  logged_dead_letters();
  ~logged_dead_letters() override;
  logged_dead_letters(const logged_dead_letters&) = delete;
  logged_dead_letters& operator=(const logged_dead_letters&) = delete;

  void write(const std::vector<dead_letter>& letters, delivered then) override;

private:
  void say_now_and_then();

  std::mutex mutex_;
  std::condition_variable changed_;
  dead_letter_summary summary_;
  bool is_due_ = false; ///< there is something to say
  bool is_over_ = false;
  std::thread speaker_; ///< what came last is said though nothing comes after it
};

} // namespace weir::io
