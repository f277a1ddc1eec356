#pragma once

#include "core/batch/batch.hpp"
#include "core/keyed/operator_counts.hpp"
#include "core/stats/dead_letter_reasons.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weir::core {

/// How long things took, in buckets that are fixed at compile time. One writer at a time or several; readers see each
/// count as it was at some recent moment, not all of the same moment.
class latency_histogram {
public:
  /// Upper bounds in milliseconds, inclusive; what is longer than the last counts in one more bucket.
  static constexpr std::array<std::int64_t, 16> bounds{1,   2,    5,    10,   20,    50,    100,   200,
                                                       500, 1000, 2000, 5000, 10000, 30000, 60000, 300000};

  struct snapshot {
    std::array<std::uint64_t, bounds.size() + 1> counts{}; ///< of each bucket alone, not cumulated
    std::uint64_t count = 0;
    std::uint64_t sum_ms = 0;

    /// The bound of the bucket in which the quantile `q` (0..1) lies; 0 without observations. Beyond the last bound:
    /// the last.
    std::int64_t quantile(double q) const noexcept {
      auto rank = q * static_cast<double>(count);
      std::uint64_t seen = 0;
      for (std::size_t i = 0; i < bounds.size() && count > 0; ++i) {
        seen += counts[i];
        if (static_cast<double>(seen) >= rank && seen > 0)
          return bounds[i];
      }
      return count > 0 ? bounds.back() : 0;
    }
  };

  /// `records` took `ms` each; a negative time (clocks differ) counts as 0.
  void observe(std::int64_t ms, std::uint64_t records = 1) noexcept {
    ms = ms < 0 ? 0 : ms;
    std::size_t bucket = 0;
    while (bucket < bounds.size() && ms > bounds[bucket])
      ++bucket;
    counts_[bucket].fetch_add(records, std::memory_order_relaxed);
    sum_ms_.fetch_add(static_cast<std::uint64_t>(ms) * records, std::memory_order_relaxed);
  }

  snapshot read() const noexcept {
    snapshot result;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      result.counts[i] = counts_[i].load(std::memory_order_relaxed);
      result.count += result.counts[i];
    }
    result.sum_ms = sum_ms_.load(std::memory_order_relaxed);
    return result;
  }

private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ms_{0};
};

/// What a lane shows to the world, beside its ledger. Stages add to it batch by batch, relaxed; the stats thread reads.
/// Counters grow; gauges are set by whoever knows them.
struct lane_stats {
  using counter = std::atomic<std::uint64_t>;
  using gauge = std::atomic<std::int64_t>;

  static constexpr std::int64_t unknown = -1;

  counter records{0};   ///< read
  counter bytes{0};     ///< read, values
  counter batches{0};   ///< read
  counter bytes_out{0}; ///< values and keys handed to the sinks, to each
  counter emitted{0};   ///< sent to the sinks; committed or not, unlike the ledger's
  counter dead_letters{0};
  counter alerts{0};
  counter evictions{0};             ///< keys that went for lack of room
  counter lost{0};                  ///< records that retention removed before they were read
  counter late{0};                  ///< records too late for an event-time window
  counter ahead{0};                 ///< records with a time too far in the future for an event-time window
  counter learned{0};               ///< records that models have learned from, counted for each model
  counter not_learned{0};           ///< records that a model could not learn from
  counter unlearned{0};             ///< old rows of change events that models have un-learned
  counter not_unlearned{0};         ///< old rows that a model could not un-learn
  counter repeats{0};               ///< change events that were let go because they had come before
  counter labels{0};                ///< records of the topic of labels that were read
  counter duplicates{0};            ///< records that `dedupe` let go because their key had come before
  gauge keys{0};                    ///< that the lane remembers
  gauge state_bytes{0};             ///< of what it remembers, as they count against its share of state.memory_limit
  gauge bytes_in_flight{0};         ///< that count against the lane's credit
  gauge last_offset{unknown};       ///< of the last record read
  gauge committed{unknown};         ///< next offset to read after a restart
  gauge high_watermark{unknown};    ///< of the partition
  gauge end_reached{unknown};       ///< the reader was told that nothing in front of this offset is left to read
  gauge model_choice{0};            ///< number of the choice of models that what is read is scored with
  gauge model_choice_from{unknown}; ///< offset of the first record that they score; unknown: since the lane began
  gauge last_timestamp{unknown};    ///< of the last record that left, its own time in ms
  gauge last_progress{unknown};     ///< when a batch last left the lane, ms since the epoch
  std::array<counter, dead_letter_reasons_count> dead_by{}; ///< committed, as in the ledger, by their reasons
  latency_histogram latency; ///< from a record's own time until it leaves; a batch counts as its last record

  /// The lane begins anew: where it stands and where its partition ends has to be learned again.
  void forget_position() noexcept {
    for (auto* of : {&last_offset, &committed, &high_watermark, &end_reached, &source_watermark_})
      set(*of, unknown);
  }

  /// A block of records has been read; `high` is the partition's watermark as its source remembers it, or `unknown`. A
  /// source remembers it too while no broker answers, so only a watermark that has changed is news.
  void on_read(std::uint64_t new_records, std::uint64_t new_bytes, std::int64_t offset, std::int64_t high) noexcept {
    add(records, new_records);
    add(bytes, new_bytes);
    add(batches, 1);
    set(last_offset, offset);
    if (source_watermark_.exchange(high, std::memory_order_relaxed) != high)
      set(high_watermark, high);
  }

  /// A batch has left for the sinks at `now_ms`, ms since the epoch.
  void on_emitted(const batch& b, std::uint64_t new_dead_letters, std::int64_t now_ms) noexcept {
    add(emitted, b.rows.size());
    add(dead_letters, new_dead_letters);
    add(alerts, b.alerts ? b.alerts->size() : 0);
    set(last_progress, now_ms);
    const auto& read = b.taken.empty() ? b.raw : b.taken.front()->raw;
    if (read && !read->empty()) {
      set(last_timestamp, read->timestamps.back());
      latency.observe(now_ms - read->timestamps.back(), read->size());
    }
  }

  /// A barrier has passed: what the lane's operators hold there, and what they let go since the one before. Records
  /// that are read again after an abort count again.
  void on_barrier(const operator_counts& c) noexcept {
    set(keys, static_cast<std::int64_t>(c.keys));
    set(state_bytes, static_cast<std::int64_t>(c.bytes));
    add(evictions, c.evictions);
    add(late, c.late);
    add(ahead, c.ahead);
    add(learned, c.learned);
    add(not_learned, c.not_learned);
    add(unlearned, c.unlearned);
    add(not_unlearned, c.not_unlearned);
    add(repeats, c.repeats);
    add(duplicates, c.duplicates);
  }

  /// Records of the partition that have not been read; `unknown` while the watermark is. Counts gaps as records, and
  /// what stands in transactions that are open.
  std::int64_t lag() const noexcept {
    const auto end = high_watermark.load(std::memory_order_relaxed);
    if (end == unknown)
      return unknown;
    return std::max(std::int64_t{0}, end - std::max(next(), end_reached.load(std::memory_order_relaxed)));
  }

  /// Whether the reader has come to the end of what it may read. What waits then stands in open transactions.
  bool is_at_end() const noexcept {
    const auto end = end_reached.load(std::memory_order_relaxed);
    return end != unknown && end >= next();
  }

  static void add(counter& to, std::uint64_t amount) noexcept { to.fetch_add(amount, std::memory_order_relaxed); }
  static void set(gauge& to, std::int64_t value) noexcept { to.store(value, std::memory_order_relaxed); }

private:
  /// After the last record that was read, or where the lane began.
  std::int64_t next() const noexcept {
    return std::max(
        {last_offset.load(std::memory_order_relaxed) + 1, committed.load(std::memory_order_relaxed), std::int64_t{0}});
  }

  gauge source_watermark_{unknown}; ///< as the source said last
};

} // namespace weir::core
