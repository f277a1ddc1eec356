#pragma once

#include "core/base/types.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::core {

using instant = std::chrono::steady_clock::time_point;

/// Where one lane stands.
struct partition_offset {
  partition_id partition{};
  offset next{}; ///< of the first record that is not yet processed
};

/// How the broker answered. Every answer of librdkafka's transactional calls is one of these.
enum class broker_answer : std::uint8_t {
  ok,
  retriable, ///< nothing is decided yet: the same call again, after a while
  abortable, ///< the transaction cannot succeed: abort it
  fatal,     ///< fenced, or the producer is unusable: a new one is needed
};

/// The broker's side of a commit: the transactional producer, or the local store.
class commit_broker {
public:
  virtual ~commit_broker() = default;
  virtual broker_answer begin() = 0;
  virtual broker_answer send_offsets(const std::vector<partition_offset>& offsets) = 0;
  virtual broker_answer commit() = 0;
  virtual broker_answer abort() = 0;
};

/// The lanes' side of a commit. None of these may call back into the protocol before it returns.
class commit_lanes {
public:
  virtual ~commit_lanes() = default;

  /// Send a barrier of this epoch after what has been read. `last`: read nothing after it.
  virtual void cut(partition_id partition, epoch at, bool last) = 0;

  /// The epoch is committed (or the lane is new and a transaction is open): what the emitter holds may go out, unless
  /// this was the lane's `last` epoch.
  virtual void release(partition_id partition, epoch at, bool last) = 0;

  /// All that was done since the last commit is undone at the broker, or will be by a new producer, which is needed
  /// when `renew` is set. The protocol is closed and has forgotten its lanes: end them, make the producer, call
  /// restart(), rebuild each lane from its last committed state, and add it again. In this order: a lane that has
  /// not ended must not write into the next transaction.
  virtual void rewind(bool renew) = 0;

  /// What finish() or lose() asked for is done; the protocol is closed and has no lanes any more. `complete` is false
  /// when the last epoch had to be aborted: its records will be processed again by whoever owns the partitions next.
  /// `renew`: as above, before the next restart().
  virtual void finished(bool complete, bool renew) = 0;

  /// The producer has failed for good once more within a minute. Another node has fenced it, as it does with one that
  /// was frozen; or another process has this node's name.
  virtual void fenced_again() = 0;
};

struct commit_options {
  std::chrono::milliseconds interval{100}; ///< from the end of one commit to the next cut
  std::chrono::milliseconds lane_timeout{
      30'000}; ///< from a cut until each lane's barrier is done, or waits for its sinks
  std::chrono::milliseconds retry_timeout{60'000}; ///< how long a retriable answer is retried
  std::chrono::milliseconds retry_backoff{50};
  /// For lanes whose barriers wait for their sinks, from when the last of them got there: what a Kafka client takes at
  /// most until it gives a record up. A sink that is merely slow is not given up before.
  std::chrono::milliseconds sink_timeout{330'000};
  /// How long an abort is retried: a new producer ends the transaction as well, and sooner than a client that has lost
  /// its way after a broker's restart.
  std::chrono::milliseconds abort_timeout{10'000};
};

/// Moves input offsets, outputs and state of all lanes of a node forward together (docs/architecture.md, "The commit").
///
/// Single-threaded, no clock and no I/O of its own: the caller passes the time, and calls tick() at `deadline()`.
/// Each lane's emitter holds what comes after its barrier until release(); so between the first done() of an epoch and
/// the commit nothing of a later epoch can enter the transaction.
class commit_protocol {
public:
  commit_protocol(commit_broker& broker, commit_lanes& lanes, commit_options options) :
      broker_{broker}, lanes_{lanes}, options_{options} {}

  /// Opens the first transaction, at the start or after the protocol was closed.
  void restart(instant now);

  /// Takes up a lane whose state reflects all records below `from`. It is released at once if no epoch is being cut,
  /// else with the next commit.
  void add_lane(partition_id partition, offset from, instant now);

  /// The lane's barrier has come through its stages, and waits for the sinks alone (at least once).
  void arrived(partition_id partition, epoch at, instant now);

  /// The lane's barrier has passed: all before `next` is in the transaction. `changed` is false when the lane produced
  /// nothing and its offset stands where it stood. Answers to an epoch that is over are ignored.
  void done(partition_id partition, epoch at, offset next, bool changed, instant now);

  /// An output, a dead letter or a state record could not be delivered: the epoch cannot be committed. False: it was
  /// over already.
  bool delivery_failed(instant now);

  /// Cuts once more, commits, and ends all lanes; when they have ended already, says again how. What is not done by
  /// `until` is aborted. An epoch that is being cut is committed before: lanes may have read on after its barriers.
  /// For revoked partitions, for the end of a finite source, and for the shutdown.
  void finish(instant now, instant until);

  /// The assignment is lost: aborts at once, then `finished(false)`.
  void lose(instant now);

  void tick(instant now);

  /// Cuts at the next tick() without waiting for the interval; for a finite source that has reached its end.
  void hurry() noexcept { hurried_ = true; }

  /// When tick() wants to be called at the latest; nothing to wait for: a far future.
  instant deadline() const;

  epoch current() const noexcept { return epoch_; }
  bool closed() const noexcept { return phase_ == phase::closed; }
  std::optional<offset> committed(partition_id partition) const;

private:
  enum class phase : std::uint8_t { closed, opening, open, cutting, sending, committing, aborting };

  struct lane {
    offset committed{};
    offset next{};
    bool in_cut = false; ///< takes part in the running epoch
    bool arrived = false;
    bool done = false;
    bool released = false; ///< may emit
  };

  void open(instant now);
  void wait_for_sinks(instant now);
  void begin_cut(instant now);
  void advance(instant now);
  void complete(instant now);
  void abort(instant now);
  void close(bool renew);
  void fail(instant now);
  bool retry(instant now);
  bool is_late(instant now) const;

  commit_broker& broker_;
  commit_lanes& lanes_;
  commit_options options_;
  std::map<partition_id, lane> members_;
  phase phase_ = phase::closed;
  epoch epoch_{};
  bool waits_for_sinks_ = false; ///< no barrier of the running epoch is on its way any more
  bool changed_ = false;         ///< the running epoch has something to commit
  bool hurried_ = false;
  bool lost_ = false;
  bool undone_ = false; ///< it was closed by an abort
  bool in_transaction_ = false;
  instant opened_{};  ///< start of the open transaction
  instant give_up_{}; ///< of the running step
  instant retry_at_{};
  std::optional<instant> finish_by_; ///< set by finish()
  bool last_cut_ = false;            ///< the running epoch is the one that finish() has asked for
  std::optional<instant> fenced_;    ///< last time that the producer failed for good
};

} // namespace weir::core
