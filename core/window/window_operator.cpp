#include "core/window/window_operator.hpp"

#include "core/base/fingerprint.hpp"
#include "core/keyed/lane_clock.hpp"
#include "core/keyed/long_keys.hpp"
#include "core/keyed/row_values.hpp"
#include "core/window/session_windows.hpp"
#include "core/window/time_windows.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

namespace {

/// The lane's time, and the record that it was read of last.
struct window_clock {
  lane_clock clock;
  std::int64_t offset;
};

key_table::options clock_of(const window_options& how, std::uint8_t tag) {
  key_table::options table;
  table.state_size = sizeof(window_clock);
  table.max_keys = 1;
  table.identity = {tag, static_cast<std::uint8_t>(2 * how.table + 1), fingerprint("clock of windows"), how.name};
  table.valid = [](const std::byte* state) { return reinterpret_cast<const window_clock*>(state)->clock.valid(); };
  return table;
}

/// @tparam Windows places records in entries, and closes these
template <class Windows>
class window_operator final : public ordered_operator {
public:
  window_operator(std::shared_ptr<const window_options> how, std::uint8_t tag, std::uint64_t bytes) :
      how_{std::move(how)}, tag_{tag}, groups_{how_->by}, entries_{*how_, tag, bytes},
      saved_clock_{clock_of(*how_, tag)}, windows_{*how_, entries_}, closed_{*how_, entries_} {}

  bool wants_ticks() const noexcept override { return true; }
  bool wants_end() const noexcept override { return true; }
  std::uint8_t tag() const noexcept override { return tag_; }
  bool owns(std::string_view key) const noexcept override {
    return key.size() >= 2 && static_cast<std::uint8_t>(key[0]) == tag_
           && static_cast<std::uint8_t>(key[1]) / 2 == how_->table;
  }
  void collect_changes(record_block& into) override {
    entries_.collect_changes(into);
    saved_clock_.collect_changes(into);
  }
  result<void> restore(std::string_view key, const std::string_view* value) override {
    return static_cast<std::uint8_t>(key[1]) % 2 == 0 ? entries_.restore(key, value) : saved_clock_.restore(key, value);
  }
  std::string describe(std::string_view) const override { return "the state of '" + how_->name + "'"; }
  operator_counts counts() const noexcept override {
    return {.keys = entries_.size(),
            .evictions = evictions_,
            .late = late_,
            .ahead = ahead_,
            .bytes = entries_.bytes() + saved_clock_.bytes()};
  }

  void process(batch& b) override {
    load();
    if (b.tick_ms)
      return tick(b);
    batch_ = &b;
    const auto& keys = groups_.write(b);
    reject_long_keys(b, keys, "the key of '" + how_->name + "'");
    times_.resize(b.rows.size());
    own_times_.resize(b.rows.size());
    read_times(b, how_->time, b.rows, times_.data());
    read_times(b, std::nullopt, b.rows, own_times_.data());
    std::uint32_t taken = 0;
    for (std::size_t i = 0; i < b.rows.size(); ++i)
      taken += take(b, i, keys.text[b.rows[i]]) ? 1 : 0;
    settle();
    if (!b.raw->empty()) {
      now_.offset = b.raw->offsets.back();
      save_clock();
    }
    give(b, taken);
  }

  // --- for the windows ---

  /// Lets the records that were placed enter their entries.
  void settle() {
    if (placed_.empty())
      return;
    entries_.take(*batch_, placed_, placed_times_.data(), placed_in_.data());
    placed_.clear();
    placed_times_.clear();
    placed_in_.clear();
  }

  void make_room(std::string_view group) {
    if (entries_.has_room_for(group))
      return;
    settle();
    while (!windows_.empty() && !entries_.has_room_for(group)) {
      const auto before = closed_.size();
      windows_.close_next(closed_);
      evictions_ += closed_.size() - before;
    }
  }

private:
  void load() {
    if (std::exchange(is_loaded_, true))
      return;
    if (const auto* saved = saved_clock_.find(std::nullopt))
      now_ = *reinterpret_cast<const window_clock*>(saved);
    windows_.load();
  }

  void save_clock() { *reinterpret_cast<window_clock*>(saved_clock_.find_or_insert(std::nullopt)) = now_; }

  /// Whether the record enters a window.
  bool take(batch& b, std::size_t i, std::string_view group) {
    const auto row = b.rows[i];
    const auto time = times_[i];
    if (time == keyed_rows::no_time) {
      reject(b, row, "no window takes it: it has no time");
      return false;
    }
    const auto own = own_times_[i] == keyed_rows::no_time ? b.now_ms : own_times_[i];
    const auto latest = now_.clock.has_begun != 0 ? std::max(now_.clock.now, b.now_ms) : b.now_ms;
    if (time > latest + lane_clock::max_ahead_ms) {
      ++ahead_;
      reject(b, row, "ahead of time: it is more than a day in front of all others and of the clock");
      return false;
    }
    now_.clock = now_.clock.at_record(time, own, b.now_ms);
    close_due(); // what is over takes nothing more
    auto* entry = windows_.place(group, time, now_.clock.now, *this);
    if (entry == nullptr) {
      ++late_;
      reject(b, row, "late: the windows of its time are closed");
      return false;
    }
    placed_.push_back(row);
    placed_times_.push_back(time);
    placed_in_.push_back(entry);
    return true;
  }

  static void reject(batch& b, row_index row, std::string why) {
    b.rejected.push_back({row, stage::aggregate, std::move(why)});
  }

  void close_due() {
    const auto over = now_.clock.now - how_->allowed_lateness_ms;
    if (!windows_.may_end_by(over))
      return;
    settle();
    while (!windows_.empty() && windows_.next_end() <= over)
      windows_.close_next(closed_);
  }

  void tick(batch& b) {
    const auto before = now_.clock;
    if (!b.is_last)
      now_.clock = now_.clock.at_tick(*b.tick_ms);
    close_due();
    while (b.is_last && !windows_.empty())
      windows_.close_next(closed_);
    if (closed_.empty()) {
      now_.clock = before; // a tick that changes nothing leaves no trace
      return;
    }
    save_clock();
    b.tick_ms.reset(); // what stands behind sees records
    give(b, 0);
  }

  void give(batch& b, std::uint32_t taken) {
    b.taken.push_back(std::make_shared<const taken_block>(
        taken_block{b.raw, std::exchange(b.rejected, {}), std::exchange(b.filtered, 0), taken}));
    closed_.give(b, now_.offset);
  }

  std::shared_ptr<const window_options> how_;
  std::uint8_t tag_;
  group_keys groups_;
  window_entries entries_;
  key_table saved_clock_;
  Windows windows_;
  closed_windows closed_; ///< of the batch at hand
  bool is_loaded_ = false;
  window_clock now_{};
  std::uint64_t evictions_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t ahead_ = 0;
  const batch* batch_ = nullptr;
  std::vector<row_index> placed_; ///< records that wait for settle()
  std::vector<std::int64_t> placed_times_;
  std::vector<std::byte*> placed_in_;
  std::vector<std::int64_t> times_;
  std::vector<std::int64_t> own_times_;
};

} // namespace

std::shared_ptr<ordered_operator> make_window_operator(std::shared_ptr<const window_options> how, std::uint8_t tag,
                                                       std::uint64_t bytes) {
  if (how->is_session())
    return std::make_shared<window_operator<session_windows>>(std::move(how), tag, bytes);
  return std::make_shared<window_operator<time_windows>>(std::move(how), tag, bytes);
}

state_need window_operator_need(const window_options& how) {
  const auto clock = key_table::bytes_per_key(sizeof(window_clock));
  const auto of_one = window_entries::bytes_of_one(how);
  return {how.name, clock + of_one, clock + how.max_windows * of_one};
}

} // namespace weir::core
