#pragma once

#include "core/cluster/goal.hpp"

#include <chrono>
#include <cstdint>

namespace weir::core {

/// What a node's lifecycle commands. None of these may call back into it before it returns.
class node_commands {
public:
  virtual ~node_commands() = default;

  /// Have a transaction opened (with a new producer where one is needed), and say so by opened().
  virtual void open_transaction() = 0;

  /// Start the lanes that were taken up last. False: they cannot be started.
  virtual bool start_lanes() = 0;

  /// Readers: read no more, or read on.
  virtual void hold_lanes(bool on) = 0;

  /// Cut once more, commit and give the lanes up within this time, and say so by finished().
  virtual void finish_lanes(std::chrono::milliseconds within) = 0;

  /// Undo what is not committed at once, and say so by finished(false).
  virtual void lose_lanes() = 0;

  /// End what runs of the lanes, and drop those that wait to be started. True: all are gone already; else say so by
  /// lanes_gone().
  virtual bool end_lanes() = 0;

  /// Take part in the source: its partitions come by taken_up().
  virtual void join_source() = 0;

  /// The lanes have ended: give their partitions back where they are asked for, else take them up again from their last
  /// commit.
  /// @param round for taken_up()
  virtual void give_back(std::uint64_t round) = 0;

  /// The lanes have ended: have no part in the source any more, until join_source().
  virtual void leave_source(std::uint64_t round) = 0;

  /// What the node is to do has changed, or (`reached`) it has come to that.
  virtual void show(goal wanted, bool reached) = 0;

  /// All that is left is to end the process. The last command.
  virtual void shut_down() = 0;
};

struct node_time_limits {
  std::chrono::milliseconds rebalance{10'000}; ///< for what was read, when partitions go to another node
  std::chrono::milliseconds shutdown{30'000};  ///< for what was read, when the lanes end for good
  std::chrono::hours source_end{24};           ///< for the rest of a finite source; whoever is in a hurry says stop
};

/// The life of a node's lanes: they are taken up, run, end because the partitions go, the source ends, something was
/// undone or somebody wants it, and begin again. One state, one event, its commands.
///
/// A partition is given back, and taken up again, only when the lanes' actors are gone and the committer has been told
/// to open a transaction: if it needs a new producer, that one's initialisation ends what the old one left open, and
/// whoever restores the lanes waits for it.
///
/// Single-threaded, no clock and no I/O of its own.
class node_lifecycle {
public:
  node_lifecycle(node_commands& commands, node_time_limits limits) : commands_{commands}, limits_{limits} {}

  void start();

  /// Of an operator, or of a signal. After `stopped` nothing else is wanted.
  void want(goal wanted);

  // The source's side.

  /// Lanes are ready to be started. False: these are of an older round, or not wanted any more, and have to be dropped.
  /// @param round of the last give_back() or leave_source(); 0 before the first
  bool taken_up(std::uint64_t round);

  /// The partitions are taken away; `lost`: they are another's already.
  void revoked(bool lost);

  /// A finite source is read to its end.
  void exhausted();

  // The committer's side.

  /// A transaction is open.
  void opened();

  /// All since the last commit is undone.
  void rewound();

  /// The answer to finish_lanes() and lose_lanes(). `complete`: all that was read is committed.
  void finished(bool complete);

  /// The node cannot go on: another process has taken its name, or a step cannot keep its state. The committer rewinds,
  /// and the node ends then.
  void must_end();

  // The lanes' side.
  void lanes_gone();

  /// The source cannot be read: the node ends.
  void fail();

  /// For lanes that are taken up now.
  std::uint64_t round() const noexcept { return round_; }

  bool is_over() const noexcept { return state_ == state::over; }

  /// How it ended: nothing that was read here has to be read again; a finite source was read to its end.
  bool is_complete() const noexcept { return !undone_; }
  bool is_exhausted() const noexcept { return exhausted_; }

private:
  enum class state : std::uint8_t {
    idle,      ///< no lanes; the source is to tell which
    opening,   ///< lanes wait for the transaction
    running,   ///< the lanes run, or are held
    finishing, ///< the committer is to end the lanes; finished() is its answer
    ending,    ///< the lanes' actors are on their way out
    left,      ///< no part in the source
    over       ///< the process is about to end
  };

  /// Why the lanes end, and so what comes then unless the goal says otherwise.
  enum class reason : std::uint8_t { rebuild, give_back, exhausted };

  void advance();
  void finish(reason why, std::chrono::milliseconds within);
  void end_lanes();
  void shut_down();

  node_commands& commands_;
  node_time_limits limits_;
  state state_ = state::idle;
  goal goal_ = goal::running;
  reason why_ = reason::rebuild;
  std::uint64_t round_ = 0; ///< how often lanes have ended
  bool undone_ = false;     ///< the lanes' last epoch was; cleared when they are there again, or another's
  bool exhausted_ = false;
};

} // namespace weir::core
