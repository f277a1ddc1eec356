#pragma once

#include "core/batch/column_builder.hpp"
#include "core/keyed/clock_row_builder.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/lane_clock.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir::core {

/// What each step says that watches a lane's clock.
struct clock_watch_options {
  std::string name;              ///< of the step, for people
  std::optional<column_id> by{}; ///< the key, of any type but double; absent: the lane as a whole
  std::string by_name{};
  column_type by_type = column_type::string;
  std::optional<column_id> time{}; ///< event time; absent: the record's own
  std::uint32_t max_keys = 1;
  std::size_t step = 0; ///< of the lane's steps that watch a clock
};

/// Of each key of a step that watches a lane's clock.
struct watched_state {
  std::string layout;          ///< what its meaning depends on
  std::size_t size = 0;        ///< bytes, a multiple of 8
  std::size_t queue_bytes = 0; ///< what the step's queue takes for a key
  std::function<bool(const std::byte* state)> valid{};
};

/// Rows that one tick makes, where a step can help it: what is left is told by the next one.
inline constexpr std::size_t most_rows_of_a_tick = 10'000;

/// A step that says something of keys because the lane's time (core/keyed/lane_clock.hpp) has gone on. The clock moves
/// with each record, or with a tick, which has none; so what is said in front of which record does not depend on
/// batches. The state is a key_table, and the clock, as of the last record or the last tick that changed something.
///
/// It calls the functions below, which say what the step is.
class clock_watch : public ordered_operator {
public:
  clock_watch(clock_watch_options how, watched_state state, std::uint8_t tag, std::uint64_t bytes);

  void process(batch& b) final;
  bool wants_ticks() const noexcept final { return true; }
  std::uint8_t tag() const noexcept final { return tag_; }
  bool owns(std::string_view key) const noexcept final;
  void collect_changes(record_block& into) final;
  result<void> restore(std::string_view key, const std::string_view* value) final;
  std::string describe(std::string_view) const final { return "the state of '" + how_.name + "'"; }
  operator_counts counts() const noexcept final;

  static state_need need(const clock_watch_options& how, const watched_state& state);

protected:
  /// Behind what was restored: notes when something is to be said of which key.
  virtual void load_queue() = 0;

  /// Before that moment nothing is to be said of any key that is there; INT64_MAX: never.
  virtual std::int64_t next_due() const noexcept = 0;
  /// The same of a key that comes now.
  virtual std::int64_t next_due_of_new_key() const noexcept = 0;

  /// Says what is due up to `to`; the clock shows an earlier time. @param time of the rows @param most rows, if it can
  /// be helped @returns up to when it did, and note_change() was called if that changed any state
  virtual std::int64_t advance(std::int64_t to, std::int64_t time, row_index in_front_of, std::size_t most) = 0;

  /// A lane that has no record begins by a tick; the clock does not show anything yet.
  virtual void begin_by_tick(std::int64_t) {}

  /// Columns of records. All rows that look() is not given are given to give_nothing(), or are not in the batch's rows.
  virtual void start_columns(std::size_t rows) = 0;
  virtual void finish_columns(batch& b) = 0;
  virtual void give_nothing(row_index row) = 0;

  /// The records `b.rows[begin + i]` of the keys `states[i]` have come. Before each, move_clock(b, begin + i).
  virtual void look(const batch& b, std::size_t begin, std::span<std::byte* const> states) = 0;

  void move_clock(const batch& b, std::size_t i) noexcept { clock_ = clock_at(b, i); }
  const lane_clock& clock() const noexcept { return clock_; }
  void begin_clock(std::int64_t now);

  const clock_watch_options& how() const noexcept { return how_; }
  key_table& keys() noexcept { return keys_; }
  const key_table& keys() const noexcept { return keys_; }

  /// Begins a row of the clock's, with its key. @pre within advance()
  clock_row_builder& say(std::optional<std::string_view> key, std::int64_t time, row_index in_front_of);
  void note_change() noexcept { has_changed_ = true; }

  /// A key for people: `device a`, `the stream`.
  std::string called(std::optional<std::string_view> key) const;

private:
  void load();
  void save_clock();
  void tick(batch& b);
  std::size_t take(const batch& b, std::size_t begin, std::size_t most);
  std::size_t rows_before_the_next_due(std::size_t begin, std::size_t most) const noexcept;
  std::size_t resolve(const batch& b, std::size_t begin, std::size_t count);
  lane_clock clock_at(const batch& b, std::size_t i) const noexcept;
  void give_rows(batch& b);

  clock_watch_options how_;
  std::uint8_t tag_;
  std::size_t queue_bytes_;
  key_table keys_;
  key_table saved_clock_;
  bool is_loaded_ = false;
  bool has_changed_ = false; ///< since the tick at hand
  lane_clock clock_{};
  std::optional<clock_row_builder> said_; ///< of the batch at hand
  std::vector<std::int64_t> times_;
  std::vector<std::int64_t> own_times_;
  std::vector<std::byte*> states_;
};

} // namespace weir::core
