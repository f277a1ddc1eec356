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
  std::uint64_t windowed = 0; ///< that a window has taken to make others of them
  std::uint64_t made = 0;     ///< by windows

  /// False means that a record was lost or counted twice.
  bool balanced() const noexcept { return imbalance() == 0; }

  /// Records that cannot be accounted for; negative when there are more than were received and made.
  std::int64_t imbalance() const noexcept {
    return static_cast<std::int64_t>(received + made - emitted - filtered - windowed - dead_lettered - in_flight);
  }

  bool operator==(const ledger_snapshot&) const = default;
};

/// What has become of records that have left a lane.
struct settled_records {
  std::uint64_t received = 0; ///< those of them that were read, in batches
  std::uint64_t made = 0;
  std::uint64_t emitted = 0;
  std::uint64_t filtered = 0;
  std::uint64_t windowed = 0;
  std::uint64_t dead_lettered = 0;

  settled_records& operator+=(const settled_records& more) noexcept {
    received += more.received;
    made += more.made;
    emitted += more.emitted;
    filtered += more.filtered;
    windowed += more.windowed;
    dead_lettered += more.dead_lettered;
    return *this;
  }
};

/// The account of one lane: received + made = emitted + filtered + windowed + dead-lettered + in flight, at every
/// instant that anybody can see. What is in flight is counted by batches and not derived from the rest, so that a stage
/// that loses a record shows. Thread-safe: the reader, the emitter and the stats use it at once; a short lock a batch.
class ledger {
public:
  /// `records` enter the lane.
  void receive(std::uint64_t records) {
    std::lock_guard lock{mutex_};
    now_.received += records;
    now_.in_flight += records;
  }

  /// Batches have left; each of their records, and of those that were made of them, must be in one of the others.
  void settle(const settled_records& left) {
    std::lock_guard lock{mutex_};
    now_.in_flight -= left.received;
    now_.made += left.made;
    now_.emitted += left.emitted;
    now_.filtered += left.filtered;
    now_.windowed += left.windowed;
    now_.dead_lettered += left.dead_lettered;
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
