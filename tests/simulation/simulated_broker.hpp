#pragma once

#include "core/commit/changelog_replay.hpp"
#include "core/commit/commit_protocol.hpp"

#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace weir::core {

/// As much of Kafka as a commit touches: one output topic and one compacted state topic of the same partitions,
/// transactions with fencing by name, offsets of one group with generations, and what a read_committed reader sees of
/// all that.
class simulated_broker {
public:
  enum class topic : std::uint8_t { output, state };

  /// Of the output topic: the input's offset and a value. Of the state topic: as in Kafka.
  struct record {
    std::int64_t at = 0;
    std::uint64_t state = 0;
    std::string key{};
    std::optional<std::string> value{};
  };

  /// A producer's name (the number of its node) and its incarnation.
  struct producer {
    int name = 0;
    int incarnation = 0;
  };

  /// What a reader of one partition makes of the state topic.
  struct stable_state {
    changelog_replay replay;
    bool at_end = false; ///< no open transaction stands before the end
    int opened_by = -1;  ///< the node that the first open record names; -1: it names none
  };

  /// What happens to old segments of the state topic.
  enum class cleanup : std::uint8_t { compact, remove };

  simulated_broker(int partitions, int names, std::chrono::milliseconds transaction_timeout) :
      partitions_(static_cast<std::size_t>(partitions)),
      names_(static_cast<std::size_t>(names)), transaction_timeout_{transaction_timeout} {}

  /// init_transactions: aborts what the name has left open, and fences every earlier incarnation.
  producer init(int name);

  /// False: the producer is fenced.
  bool begin(producer who);
  bool append(producer who, topic to, int partition, const record& r, instant now);
  bool send_offsets(producer who, const std::vector<partition_offset>& offsets);

  /// Ends the open transaction. Ending it again in the same way is no error. False: fenced, or ended the other way.
  bool end(producer who, bool commit);

  /// Without a transaction: visible at once.
  void append_plain(topic to, int partition, const record& r) { log_of(to, partition).entries.push_back({r, none}); }

  /// Aborts and fences those that have been open for too long.
  void expire(instant now);

  /// Now and then: begins a new segment of the state topic, or cleans the segments before the active one, as far as
  /// no open transaction reaches.
  void clean(std::mt19937_64& random, cleanup how);

  /// Reads on as far as the last stable offset; calls `f(topic, partition, record)` for each committed record, once.
  template <class F>
  void read(F&& f) {
    for (std::size_t p = 0; p < partitions_.size(); ++p)
      for (auto which : {topic::output, topic::state}) {
        auto& log = log_of(which, static_cast<int>(p));
        while (log.read < log.entries.size() && !is_open(log.entries[log.read])) {
          const auto& next = log.entries[log.read++];
          if (is_committed(next))
            f(which, static_cast<int>(p), next.what);
        }
      }
  }

  /// True when nothing that is open hides a part of the partition from readers.
  bool readable_to_end(int partition) {
    return at_end(log_of(topic::output, partition)) && at_end(log_of(topic::state, partition));
  }

  stable_state state_of(int partition) const;

  /// The group's offset; nothing while an open transaction is about to change it (UNSTABLE_OFFSET_COMMIT).
  std::optional<std::int64_t> stable_offset(int partition) const;
  std::int64_t group_offset(int partition) const { return partitions_[static_cast<std::size_t>(partition)].offset; }

private:
  static constexpr std::size_t none = ~std::size_t{0};

  struct transaction {
    enum state_type : std::uint8_t { open, committed, aborted } state = open;
    std::vector<partition_offset> offsets;
    std::optional<instant> since; ///< of the first record
  };
  struct logged {
    record what;
    std::size_t transaction = none;
    bool is_removed = false; ///< by the cleaner
  };
  struct partition_log {
    std::vector<logged> entries;
    std::size_t read = 0;
    std::size_t active = 0; ///< where the active segment begins
  };
  struct both_logs {
    std::array<partition_log, 2> logs;
    std::int64_t offset = 0;
  };
  struct named {
    int incarnation = 0;
    std::size_t last = none; ///< transaction
  };

  partition_log& log_of(topic which, int p) {
    return partitions_[static_cast<std::size_t>(p)].logs[static_cast<std::size_t>(which)];
  }
  std::int64_t& group_offset_of(int p) { return partitions_[static_cast<std::size_t>(p)].offset; }
  bool is_open(const logged& e) const {
    return e.transaction != none && transactions_[e.transaction].state == transaction::open;
  }
  bool is_committed(const logged& e) const {
    return e.transaction == none || transactions_[e.transaction].state == transaction::committed;
  }
  void compact(partition_log& log, std::mt19937_64& random);
  bool at_end(const partition_log& l) const {
    for (auto i = l.read; i < l.entries.size(); ++i)
      if (is_open(l.entries[i]))
        return false;
    return true;
  }
  transaction* open_of(producer who);
  void finish(transaction& t, bool commit);

  std::vector<both_logs> partitions_;
  std::vector<named> names_;
  std::vector<transaction> transactions_;
  std::chrono::milliseconds transaction_timeout_;
};

} // namespace weir::core
