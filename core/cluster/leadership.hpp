#pragma once

#include "core/cluster/announcement.hpp"
#include "core/cluster/cluster_messages.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace weir::core {

/// What finding the supervisor commands. None of these may call back before it returns.
class leadership_commands {
public:
  virtual ~leadership_commands() = default;

  /// Announce this node as supervisor in the control topic.
  virtual void announce() = 0;

  /// The supervisor lives here from now on.
  virtual void begin_supervisor(std::int64_t term) = 0;
  virtual void end_supervisor() = 0;

  /// Call this supervisor, and say so by answered() or unanswered(), with its term.
  virtual void call(const announcement& whom) = 0;

  /// Forget the supervisor that was called. `is_silent`: it is to be called again; else there is another.
  virtual void hang_up(bool is_silent) = 0;

  /// A supervisor listens that may know nothing of this node, or it is time to repeat it: tell all panes.
  virtual void tell_all() = 0;

  /// Nothing was heard for long: what the last supervisor wanted of the node's credit holds no longer.
  virtual void go_alone() = 0;
};

struct leadership_options {
  std::string node;                         ///< this one
  std::uint64_t incarnation = 0;            ///< of this process
  std::chrono::milliseconds silence{3000};  ///< of a supervisor, until it is called again
  std::chrono::milliseconds lease{5000};    ///< how long its credit holds without a word of it
  std::chrono::milliseconds retell{10'000}; ///< all panes are told again so often, whatever got lost
  std::chrono::milliseconds backoff{100};   ///< from a call that failed to the next, at first
  std::chrono::milliseconds longest_backoff{2000};
};

/// Finds the pipeline's supervisor, or has it live here. Whoever the consumer group gave the control partition
/// announces itself in the control topic; the newest announcement counts. A node that made it leads, the others call
/// it, again with back-off while it does not answer, and again when it falls silent.
///
/// Single-threaded, no clock and no I/O of its own: the caller passes the time, and calls tick() often.
class leadership {
public:
  using instant = std::chrono::steady_clock::time_point;

  leadership(leadership_commands& commands, leadership_options options, instant now) :
      commands_{commands}, options_{std::move(options)}, heard_{now}, told_all_{now}, backoff_{options_.backoff} {}

  /// This node is all there is: the supervisor lives here from now on.
  void lead_alone();

  /// The group gave this node the control partition, or took it away.
  void assigned(bool on);

  /// The control topic has a newer announcement.
  void announced(announcement newest);

  /// False: nobody waits for that any more, and the line is not needed.
  bool answered(std::int64_t term, instant now);
  void unanswered(std::int64_t term, instant now);

  /// The line to the supervisor is dead.
  void line_lost(instant now);

  /// The supervisor that lived here has ended by itself.
  void supervisor_ended();

  /// Whether a view counts: an older supervisor, this node's own time as supervisor included, is not listened to.
  bool hear(const cluster_view& view, instant now);

  void tick(instant now);

  bool lives_here() const noexcept { return lives_here_; }
  bool is_in_touch() const noexcept { return lives_here_ || has_line_; }

  /// A supervisor has announced itself and not spoken yet: it may not know what the one before wanted.
  bool awaits_first_word() const noexcept { return newest_ && heard_term_ && *heard_term_ < newest_->term; }

private:
  bool is_own() const noexcept { return newest_ && newest_->incarnation == options_.incarnation; }
  void begin();
  void end();
  void call_later(instant now);

  leadership_commands& commands_;
  leadership_options options_;
  bool is_assigned_ = false;
  bool is_alone_ = false; ///< there is no control topic
  bool lives_here_ = false;
  std::optional<instant> announced_; ///< when this node said that it leads
  std::optional<announcement> newest_;

  bool has_line_ = false;
  bool calling_ = false;
  instant line_since_{};
  instant call_at_{};

  instant heard_{}; ///< when the last view came
  std::optional<std::int64_t> heard_term_;
  bool lease_is_over_ = false;
  instant told_all_{};
  std::chrono::milliseconds backoff_;
};

} // namespace weir::core
