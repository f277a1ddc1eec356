#include "core/keyed/silence_watch.hpp"

#include "core/alert/alert_summary.hpp"
#include "core/base/civil_time.hpp"
#include "core/base/fingerprint.hpp"
#include "core/base/short_number.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"
#include "core/keyed/clock_row_builder.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/lane_clock.hpp"
#include "core/keyed/long_keys.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <queue>
#include <span>
#include <utility>
#include <vector>

namespace weir::core {

namespace {

/// Rows that are looked up at a time, where nothing can be due among them.
constexpr std::size_t chunk_rows = 256;

/// A key's part of the queue, which has two entries for each at most.
constexpr std::size_t queue_bytes = 32;

/// The state of a key.
struct last_record {
  std::int64_t at;        ///< what the clock showed when it came
  std::uint64_t is_known; ///< 0 or 1
};

std::string layout_of(const silence_options& how) {
  return "silence by " + (how.by ? how.by_name + ' ' + std::string{to_string(how.by_type)} : "lane");
}

key_table::options keys_of(const silence_options& how, std::uint8_t tag, std::uint64_t bytes) {
  key_table::options table;
  table.state_size = sizeof(last_record);
  table.max_keys = how.max_keys;
  const auto of_one = key_table::bytes_per_key(sizeof(last_record));
  table.max_bytes = bytes == unbounded_state ? bytes : bytes / (of_one + queue_bytes) * of_one;
  table.identity = {tag, static_cast<std::uint8_t>(2 * how.step), fingerprint(layout_of(how)), how.name};
  table.valid = [](const std::byte* state) {
    const auto& last = *reinterpret_cast<const last_record*>(state);
    return lane_clock{last.at, 0, last.is_known}.valid();
  };
  return table;
}

key_table::options clock_of(const silence_options& how, std::uint8_t tag) {
  key_table::options table;
  table.state_size = sizeof(lane_clock);
  table.max_keys = 1;
  table.identity = {tag, static_cast<std::uint8_t>(2 * how.step + 1), fingerprint("clock, " + layout_of(how)),
                    how.name};
  table.valid = [](const std::byte* state) { return reinterpret_cast<const lane_clock*>(state)->valid(); };
  return table;
}

double seconds(std::int64_t ms) noexcept {
  return static_cast<double>(ms) / ms_per_second;
}

class silence_watch final : public ordered_operator {
public:
  silence_watch(const silence_options& how, std::uint8_t tag, std::uint64_t bytes) :
      how_{how}, tag_{tag}, keys_{keys_of(how, tag, bytes)}, saved_clock_{clock_of(how, tag)} {}

  bool wants_ticks() const noexcept override { return true; }
  std::uint8_t tag() const noexcept override { return tag_; }
  bool owns(std::string_view key) const noexcept override {
    return key.size() >= 2 && static_cast<std::uint8_t>(key[0]) == tag_
           && static_cast<std::uint8_t>(key[1]) / 2 == how_.step;
  }
  void collect_changes(record_block& into) override {
    keys_.collect_changes(into);
    saved_clock_.collect_changes(into);
  }
  result<void> restore(std::string_view key, const std::string_view* value) override {
    return static_cast<std::uint8_t>(key[1]) % 2 == 0 ? keys_.restore(key, value) : saved_clock_.restore(key, value);
  }
  std::string describe(std::string_view) const override { return "the state of '" + how_.name + "'"; }
  operator_counts counts() const noexcept override {
    return {.keys = keys_.size(),
            .evictions = keys_.evictions(),
            .bytes = keys_.bytes() + keys_.size() * queue_bytes + saved_clock_.bytes()};
  }

  void process(batch& b) override {
    load();
    if (b.tick_ms)
      return tick(b);
    if (how_.by)
      reject_long_keys(b, *how_.by, how_.by_name);
    for (auto* made : {&as_, &ended_, &silent_for_, &reason_})
      made->start(b.raw->size());
    const auto rows = b.rows.size();
    times_.resize(rows);
    own_times_.resize(rows);
    states_.resize(rows);
    read_times(b, how_.time, b.rows, times_.data());
    read_times(b, std::nullopt, b.rows, own_times_.data());
    said_.emplace(how_.step, b.raw->partition);
    for (std::size_t begin = 0; begin < rows;)
      begin += take(b, begin, std::min(chunk_rows, rows - begin));
    if (rows != 0)
      save_clock();
    give(b);
    set_column(b, how_.as, as_.finish());
    for (const auto& [id, made] :
         {std::pair{how_.ended, &ended_}, std::pair{how_.silent_for, &silent_for_}, std::pair{how_.reason, &reason_}})
      if (auto column = made->finish(); id)
        set_column(b, *id, std::move(column));
  }

private:
  /// When something is to be said of a key at the earliest: its last record may have come since.
  struct due_key {
    std::int64_t at;
    const std::byte* state;
    bool operator>(const due_key& other) const noexcept { return at > other.at; }
  };
  using due_queue = std::priority_queue<due_key, std::vector<due_key>, std::greater<>>;

  // --- the clock ---

  void load() {
    if (is_loaded_)
      return;
    is_loaded_ = true;
    if (const auto* saved = saved_clock_.find(std::nullopt))
      clock_ = *reinterpret_cast<const lane_clock*>(saved);
    fill_queue();
  }

  void save_clock() { *reinterpret_cast<lane_clock*>(saved_clock_.find_or_insert(std::nullopt)) = clock_; }

  void fill_queue() {
    std::vector<due_key> all;
    keys_.for_each([&](auto, const std::byte* state) {
      if (const auto& last = last_of(state); last.is_known != 0)
        all.push_back({next_due(last.at, clock_.now), state});
    });
    queue_ = due_queue{std::greater<>{}, std::move(all)};
  }

  static const last_record& last_of(const std::byte* state) noexcept {
    return *reinterpret_cast<const last_record*>(state);
  }

  std::int64_t next_due(std::int64_t last, std::int64_t now) const noexcept {
    const auto next = last + (std::max<std::int64_t>(now - last, 0) / how_.after_ms + 1) * how_.after_ms;
    return how_.forget_after_ms == 0 ? next : std::min(next, std::max(last + how_.forget_after_ms, now + 1));
  }

  void tick(batch& b) {
    if (clock_.has_begun == 0) {
      if (!how_.by && !how_.time)
        begin_by_tick(*b.tick_ms);
      return;
    }
    const auto next = clock_.at_tick(*b.tick_ms);
    if (queue_.empty() || queue_.top().at > next.now)
      return;
    said_.emplace(how_.step, b.raw->partition);
    const auto reached = advance(next.now, *b.tick_ms, 0, most_silences_of_a_tick);
    if (!said_->empty()) {
      clock_ = {reached, next.seen_at - (next.now - reached), 1};
      save_clock();
    }
    give(b);
  }

  void begin_by_tick(std::int64_t now) {
    clock_ = {now, now, 1};
    save_clock();
    see(keys_.find_or_insert(std::nullopt));
  }

  /// Says what is due up to `to`. @param most rows; those of one time are not told apart @returns up to when
  std::int64_t advance(std::int64_t to, std::int64_t time, row_index in_front_of, std::size_t most) {
    std::size_t said = 0;
    auto reached = clock_.now;
    while (!queue_.empty() && queue_.top().at <= to) {
      if (said >= most)
        return reached;
      const auto at = queue_.top().at;
      due_.clear();
      for (; !queue_.empty() && queue_.top().at == at; queue_.pop()) {
        const auto* state = queue_.top().state;
        if (!keys_.is_live(state) || last_of(state).is_known == 0)
          continue;
        if (const auto first = last_of(state).at + how_.after_ms; at < first)
          late_.push_back({first, state});
        else
          due_.push_back(state);
      }
      for (const auto& key : std::exchange(late_, {}))
        queue_.push(key);
      // A slot that another key has taken stands in the queue twice.
      const auto by_key = [&](auto* one, auto* other) { return keys_.key_of(one) < keys_.key_of(other); };
      std::ranges::sort(due_, by_key);
      due_.erase(std::unique(due_.begin(), due_.end()), due_.end());
      for (const auto* state : due_)
        say(state, to, time, in_front_of);
      said += due_.size();
      if (!due_.empty())
        reached = at;
    }
    return to;
  }

  // --- what is said ---

  std::string called(std::optional<std::string_view> key) const {
    if (!how_.by)
      return "the stream";
    if (!key)
      return how_.by_name + " null";
    if (how_.by_type == column_type::string)
      return how_.by_name + ' ' + std::string{*key};
    column one;
    one.type = how_.by_type;
    one.i64.resize(1);
    std::memcpy(one.i64.data(), key->data(), sizeof one.i64[0]);
    auto text = how_.by_name + ' ';
    append_value(one, 0, text);
    return text;
  }

  static std::string span_of(std::int64_t ms) { return short_number(seconds(ms)) + " s"; }

  void say(const std::byte* state, std::int64_t now, std::int64_t time, row_index in_front_of) {
    const auto key = keys_.key_of(state);
    const auto last = last_of(state).at;
    const bool is_forgotten = how_.forget_after_ms != 0 && now - last >= how_.forget_after_ms;
    said_->begin_row(time, in_front_of);
    if (how_.by)
      said_->set_key(*how_.by, how_.by_type, key);
    said_->set(how_.as, !is_forgotten);
    if (how_.ended)
      said_->set(*how_.ended, false);
    if (how_.silent_for)
      said_->set(*how_.silent_for, seconds(now - last));
    if (how_.reason)
      said_->set(*how_.reason,
                 called(key)
                     + (is_forgotten ? " is forgotten, after " + span_of(now - last) + " of silence"
                                     : " has been silent for " + span_of(now - last) + ", since " + time_text(last)));
    if (is_forgotten)
      keys_.erase(key);
    else
      queue_.push({next_due(last, now), state});
  }

  void give(batch& b) {
    if (!said_->empty())
      b.clocks.push_back(said_->finish());
    said_.reset();
  }

  // --- records ---

  /// Up to `most` rows from `begin` on. @returns how many it took
  std::size_t take(const batch& b, std::size_t begin, std::size_t most) {
    const auto quiet = rows_before_the_next_due(begin, most);
    if (quiet == 0) {
      const auto next = clock_at(b, begin);
      if (clock_.has_begun != 0)
        advance(next.now, b.raw->timestamps[b.rows[begin]], b.rows[begin], SIZE_MAX);
      clock_ = next;
      if (clock_.has_begun == 0) {
        give_nothing(b.rows[begin]);
        return 1;
      }
    }
    const auto count = resolve(b, begin, std::max<std::size_t>(quiet, 1));
    for (auto i = begin; i < begin + count; ++i) {
      if (quiet != 0)
        clock_ = clock_at(b, i);
      look(b.rows[i], states_[i]);
    }
    if (queue_.size() > 2 * keys_.size() + 1024)
      fill_queue(); // many keys have gone
    return count;
  }

  lane_clock clock_at(const batch& b, std::size_t i) const noexcept {
    return clock_.at_record(times_[i], own_times_[i] == keyed_rows::no_time ? b.now_ms : own_times_[i], b.now_ms);
  }

  /// While nothing is due, rows are looked up many at a time.
  std::size_t rows_before_the_next_due(std::size_t begin, std::size_t most) const noexcept {
    if (clock_.has_begun == 0)
      return 0;
    const auto own = clock_.now + how_.after_ms; // of a key that comes now
    const auto due = queue_.empty() ? own : std::min(own, queue_.top().at);
    const auto first = times_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = first + static_cast<std::ptrdiff_t>(most);
    return static_cast<std::size_t>(std::find_if(first, last, [due](auto time) { return time >= due; }) - first);
  }

  std::size_t resolve(const batch& b, std::size_t begin, std::size_t count) {
    if (how_.by)
      return keys_.find_or_insert(b.at(*how_.by), std::span{b.rows}.subspan(begin, count), states_.data() + begin);
    std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(begin), count, keys_.find_or_insert(std::nullopt));
    return count;
  }

  /// A record of the key has come. @returns how long that one was silent, if it was
  std::optional<std::int64_t> see(std::byte* state) {
    auto& last = *reinterpret_cast<last_record*>(state);
    const auto silence = last.is_known != 0 ? clock_.now - last.at : 0;
    if (last.is_known == 0)
      queue_.push({next_due(clock_.now, clock_.now), state});
    last = {clock_.now, 1};
    return silence >= how_.after_ms ? std::optional{silence} : std::nullopt;
  }

  void look(row_index row, std::byte* state) {
    const auto silence = see(state);
    if (!silence) {
      silent_for_.set_null(row);
      reason_.set_null(row);
      return;
    }
    ended_.i64()[row] = 1;
    silent_for_.f64()[row] = seconds(*silence);
    if (!how_.reason)
      return;
    const auto begin = reason_.arena().size();
    reason_.arena() += called(keys_.key_of(state)) + " was silent for " + span_of(*silence);
    reason_.set_from_arena(row, begin);
  }

  void give_nothing(row_index row) {
    for (auto* made : {&as_, &ended_, &silent_for_, &reason_})
      made->set_null(row);
  }

  silence_options how_;
  std::uint8_t tag_;
  key_table keys_;
  key_table saved_clock_;
  bool is_loaded_ = false;
  lane_clock clock_{};
  due_queue queue_;
  std::optional<clock_row_builder> said_; ///< of the batch at hand
  column_builder as_{column_type::boolean};
  column_builder ended_{column_type::boolean};
  column_builder silent_for_{column_type::float64};
  column_builder reason_{column_type::string};
  std::vector<std::int64_t> times_;
  std::vector<std::int64_t> own_times_;
  std::vector<std::byte*> states_;
  std::vector<const std::byte*> due_;
  std::vector<due_key> late_;
};

} // namespace

std::shared_ptr<ordered_operator> make_silence_watch(const silence_options& how, std::uint8_t tag,
                                                     std::uint64_t bytes) {
  return std::make_shared<silence_watch>(how, tag, bytes);
}

state_need silence_watch_need(const silence_options& how) {
  const auto clock = key_table::bytes_per_key(sizeof(lane_clock));
  const auto of_one = key_table::bytes_per_key(sizeof(last_record)) + queue_bytes + (how.by ? max_key_bytes : 0);
  return {how.name, clock + of_one, clock + how.max_keys * std::uint64_t{of_one}};
}

} // namespace weir::core
