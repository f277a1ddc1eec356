#pragma once

#include <cstdint>
#include <mutex>

namespace weir::core {

/// Where the records of a lane are, at one instant.
struct ledger_snapshot {
  std::uint64_t received = 0;
  std::uint64_t emitted = 0;
  std::uint64_t filtered = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t in_flight = 0;

  /// False means that a record was lost or counted twice.
  bool balanced() const noexcept { return received == emitted + filtered + dead_lettered + in_flight; }

  /// Records that cannot be accounted for; negative when there are more than were received.
  std::int64_t imbalance() const noexcept {
    return static_cast<std::int64_t>(received - emitted - filtered - dead_lettered - in_flight);
  }

  bool operator==(const ledger_snapshot&) const = default;
};

/// The account of one lane: received = emitted + filtered + dead-lettered + in flight, at every instant that anybody
/// can see. What is in flight is counted by batches and not derived from the rest, so that a stage that loses a record
/// shows. Thread-safe: the reader, the emitter and the stats use it at once; a short lock a batch.
class ledger {
public:
  /// `records` enter the lane.
  void receive(std::uint64_t records) {
    std::lock_guard lock{mutex_};
    now_.received += records;
    now_.in_flight += records;
  }

  /// A batch that entered with `records` has left; each of them must be in one of the other three.
  void settle(std::uint64_t records, std::uint64_t emitted, std::uint64_t filtered, std::uint64_t dead_lettered) {
    std::lock_guard lock{mutex_};
    now_.in_flight -= records;
    now_.emitted += emitted;
    now_.filtered += filtered;
    now_.dead_lettered += dead_lettered;
  }

  /// After an abort: the account as it stood at the last commit.
  void restore(const ledger_snapshot& committed) {
    std::lock_guard lock{mutex_};
    now_ = committed;
  }

  ledger_snapshot snapshot() const {
    std::lock_guard lock{mutex_};
    return now_;
  }

  bool balanced() const { return snapshot().balanced(); }

private:
  mutable std::mutex mutex_;
  ledger_snapshot now_;
};

} // namespace weir::core
