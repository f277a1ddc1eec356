#pragma once

#include "core/base/types.hpp"
#include "core/commit/output_rule.hpp"
#include "core/stats/dead_letter_reasons.hpp"
#include "core/stats/ledger.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <variant>

namespace weir::core {

/// Records that have left a lane, for the ledger. What was read and made is the sum of the others, counted on its own.
struct epoch_counts {
  settled_records records{};
  dead_letter_counts dead_by{}; ///< those that were dead-lettered, by their reasons

  epoch_counts& operator+=(const epoch_counts& more) noexcept {
    records += more.records;
    for (std::size_t i = 0; i < dead_by.size(); ++i)
      dead_by[i] += more.dead_by[i];
    return *this;
  }
};

/// What became of a batch that was written.
struct written_batch {
  std::size_t parts = 0; ///< writes that are going to be reported, each by one written()
  epoch_counts counts;
};

/// What a lane's output commands. None of these may call back into it before it returns.
/// @tparam Batch what is written, and is acknowledged later, part by part
/// @tparam Barrier what carries the state's changes
template <class Batch, class Barrier>
class lane_output_commands {
public:
  virtual ~lane_output_commands() = default;

  /// The first records of a transaction are about to be written.
  virtual void begin_transaction() = 0;

  /// Write a batch to the sinks; its parts are reported with this number.
  virtual written_batch write(const Batch& batch, std::uint64_t ticket) = 0;

  /// All parts of that batch are acknowledged.
  virtual void through(std::uint64_t ticket) = 0;

  /// Write the barrier's changes and the marker after them; reported by changes_written().
  virtual void write_changes(Barrier& mark, epoch at, offset next) = 0;

  /// Tell the committer that the barrier is there and waits for the sinks.
  virtual void arrived(epoch at) = 0;

  /// Tell the committer that the barrier has passed. `changed`: since the last commit something has come.
  virtual void done(Barrier mark, epoch at, offset next, bool changed) = 0;

  /// Tell the committer that something was not delivered.
  virtual void failed() = 0;

  /// All before `next` is committed.
  virtual void committed(offset next, const epoch_counts& counts) = 0;
};

struct lane_output_options {
  offset from{}; ///< where the lane begins
  output_rule rule = output_rule::in_transaction;
};

/// The end of a lane: when its batches go out, and when its barrier has passed (docs/architecture.md, "The commit").
/// Nothing goes out before the first release. At a barrier the changes are written, where outputs are not in the
/// transaction only when all before it is acknowledged; then the committer hears `done`. What comes after it waits for
/// the commit, unless outputs are merely written before the state. After the last barrier nothing goes out.
///
/// Batches and barriers are given in the order of the lane. Single-threaded, no clock and no I/O of its own.
template <class Batch, class Barrier>
class lane_output {
public:
  lane_output(lane_output_commands<Batch, Barrier>& commands, lane_output_options options) :
      commands_{commands}, options_{options}, committed_{options.from}, next_{options.from} {}

  void take(Batch batch) { handle(std::move(batch)); }
  /// @param moved the lane's state has changed, even if its offset has not
  void take(Barrier mark, epoch at, offset next, bool moved = false) {
    handle(barrier{std::move(mark), at, next, moved});
  }

  /// The epoch is committed, or the lane is new and may begin. `last`: nothing goes out any more.
  void release(bool last) {
    commands_.committed(next_, std::exchange(cut_, {}));
    committed_ = next_;
    ended_ = last;
    open_ = true;
    for (auto& next : std::exchange(held_, {}))
      handle(std::move(next));
  }

  void written(std::uint64_t ticket, bool ok) {
    if (!ok) {
      commands_.failed();
      return;
    }
    const auto found = tickets_.find(ticket);
    if (found == tickets_.end() || --found->second > 0)
      return;
    tickets_.erase(found);
    commands_.through(ticket);
    if (waiting_ && !changes_out_ && waits_for_sinks() && sinks_are_through())
      write_changes();
  }

  void changes_written(bool ok) {
    if (!ok)
      commands_.failed();
    else if (std::exchange(changes_out_, false))
      report_done();
  }

private:
  struct barrier {
    Barrier mark;
    epoch at{};
    offset next{};
    bool moved = false;
  };
  using item = std::variant<Batch, barrier>;

  void handle(item i) {
    if (ended_)
      return;
    if (!open_)
      held_.push_back(std::move(i));
    else if (const auto* batch = std::get_if<Batch>(&i))
      emit(*batch);
    else
      pass(std::get<barrier>(std::move(i)));
  }

  void emit(const Batch& batch) {
    if (options_.rule == output_rule::in_transaction && running_.records.received == 0 && running_.records.made == 0)
      commands_.begin_transaction();
    const auto ticket = next_ticket_++;
    const auto written = commands_.write(batch, ticket);
    running_ += written.counts;
    if (written.parts == 0)
      commands_.through(ticket);
    else
      tickets_.emplace(ticket, written.parts);
  }

  void pass(barrier mark) {
    waiting_ = std::move(mark);
    waiting_below_ = next_ticket_;
    open_ = options_.rule == output_rule::before_the_state;
    if (waits_for_sinks())
      commands_.arrived(waiting_->at);
    if (!waits_for_sinks() || sinks_are_through())
      write_changes();
  }

  void write_changes() {
    if (!has_changed(*waiting_)) {
      report_done();
      return;
    }
    if (options_.rule == output_rule::before_the_state)
      commands_.begin_transaction();
    changes_out_ = waits_for_sinks();
    commands_.write_changes(waiting_->mark, waiting_->at, waiting_->next);
    if (!changes_out_)
      report_done();
  }

  void report_done() {
    auto mark = *std::exchange(waiting_, std::nullopt);
    next_ = mark.next;
    cut_ = std::exchange(running_, {});
    const bool changed = has_changed(mark);
    commands_.done(std::move(mark.mark), mark.at, mark.next, changed);
  }

  /// Without records and labels since the last commit nothing can have changed.
  bool has_changed(const barrier& mark) const { return mark.moved || mark.next != committed_; }
  bool waits_for_sinks() const { return options_.rule != output_rule::in_transaction; }
  bool sinks_are_through() const { return tickets_.empty() || tickets_.begin()->first >= waiting_below_; }

  lane_output_commands<Batch, Barrier>& commands_;
  lane_output_options options_;
  bool open_ = false;  ///< what comes may go out
  bool ended_ = false; ///< the last epoch is over
  std::deque<item> held_;
  std::map<std::uint64_t, std::size_t> tickets_; ///< of batches that are with the sinks: parts not yet acknowledged
  std::uint64_t next_ticket_ = 0;
  std::optional<barrier> waiting_;  ///< a barrier that has not passed
  std::uint64_t waiting_below_ = 0; ///< tickets that it waits for
  bool changes_out_ = false;        ///< its changes are written and not yet acknowledged
  offset committed_{};
  offset next_{};        ///< of the epoch that is being committed
  epoch_counts running_; ///< since the last barrier
  epoch_counts cut_;     ///< of the epoch that is being committed
};

} // namespace weir::core
