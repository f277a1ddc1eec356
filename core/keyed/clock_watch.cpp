#include "core/keyed/clock_watch.hpp"

#include "core/alert/alert_summary.hpp"
#include "core/base/fingerprint.hpp"
#include "core/keyed/long_keys.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::core {

namespace {

/// Rows that are looked up at a time, where nothing can be due among them.
constexpr std::size_t chunk_rows = 256;

std::string layout_of(const clock_watch_options& how, const std::string& state) {
  return state + " by " + (how.by ? how.by_name + ' ' + std::string{to_string(how.by_type)} : "lane");
}

key_table::options keys_of(const clock_watch_options& how, const watched_state& state, std::uint8_t tag,
                           std::uint64_t bytes) {
  key_table::options table;
  table.state_size = state.size;
  table.max_keys = how.max_keys;
  const auto of_one = key_table::bytes_per_key(state.size);
  table.max_bytes = bytes == unbounded_state ? bytes : bytes / (of_one + state.queue_bytes) * of_one;
  table.identity = {tag, static_cast<std::uint8_t>(2 * how.step), fingerprint(layout_of(how, state.layout)), how.name};
  table.valid = state.valid;
  return table;
}

key_table::options clock_of(const clock_watch_options& how, const watched_state& state, std::uint8_t tag) {
  key_table::options table;
  table.state_size = sizeof(lane_clock);
  table.max_keys = 1;
  table.identity = {tag, static_cast<std::uint8_t>(2 * how.step + 1),
                    fingerprint("clock, " + layout_of(how, state.layout)), how.name};
  table.valid = [](const std::byte* saved) { return reinterpret_cast<const lane_clock*>(saved)->valid(); };
  return table;
}

} // namespace

clock_watch::clock_watch(clock_watch_options how, watched_state state, std::uint8_t tag, std::uint64_t bytes) :
    how_{std::move(how)}, tag_{tag}, queue_bytes_{state.queue_bytes}, keys_{keys_of(how_, state, tag, bytes)},
    saved_clock_{clock_of(how_, state, tag)} {}

bool clock_watch::owns(std::string_view key) const noexcept {
  return key.size() >= 2 && static_cast<std::uint8_t>(key[0]) == tag_
         && static_cast<std::uint8_t>(key[1]) / 2 == how_.step;
}

void clock_watch::collect_changes(record_block& into) {
  keys_.collect_changes(into);
  saved_clock_.collect_changes(into);
}

result<void> clock_watch::restore(std::string_view key, const std::string_view* value) {
  return static_cast<std::uint8_t>(key[1]) % 2 == 0 ? keys_.restore(key, value) : saved_clock_.restore(key, value);
}

operator_counts clock_watch::counts() const noexcept {
  return {.keys = keys_.size(),
          .evictions = keys_.evictions(),
          .bytes = keys_.bytes() + keys_.size() * queue_bytes_ + saved_clock_.bytes()};
}

state_need clock_watch::need(const clock_watch_options& how, const watched_state& state) {
  const auto clock = key_table::bytes_per_key(sizeof(lane_clock));
  const auto of_one = key_table::bytes_per_key(state.size) + state.queue_bytes + (how.by ? max_key_bytes : 0);
  return {how.name, clock + of_one, clock + how.max_keys * std::uint64_t{of_one}};
}

void clock_watch::process(batch& b) {
  load();
  if (b.tick_ms)
    return tick(b);
  if (how_.by)
    reject_long_keys(b, *how_.by, how_.by_name);
  start_columns(b.raw->size());
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
  give_rows(b);
  finish_columns(b);
}

// --- the clock ---

void clock_watch::load() {
  if (is_loaded_)
    return;
  is_loaded_ = true;
  if (const auto* saved = saved_clock_.find(std::nullopt))
    clock_ = *reinterpret_cast<const lane_clock*>(saved);
  load_queue();
}

void clock_watch::save_clock() {
  *reinterpret_cast<lane_clock*>(saved_clock_.find_or_insert(std::nullopt)) = clock_;
}

void clock_watch::begin_clock(std::int64_t now) {
  clock_ = {now, now, 1};
  save_clock();
}

void clock_watch::tick(batch& b) {
  if (clock_.has_begun == 0)
    return begin_by_tick(*b.tick_ms);
  const auto next = clock_.at_tick(*b.tick_ms);
  if (next_due() > next.now)
    return;
  said_.emplace(how_.step, b.raw->partition);
  has_changed_ = false;
  const auto reached = advance(next.now, *b.tick_ms, 0, most_rows_of_a_tick);
  if (has_changed_) {
    clock_ = {reached, next.seen_at - (next.now - reached), 1};
    save_clock();
  }
  give_rows(b);
}

lane_clock clock_watch::clock_at(const batch& b, std::size_t i) const noexcept {
  return clock_.at_record(times_[i], own_times_[i] == keyed_rows::no_time ? b.now_ms : own_times_[i], b.now_ms);
}

// --- records ---

/// Up to `most` rows from `begin` on. @returns how many it took
std::size_t clock_watch::take(const batch& b, std::size_t begin, std::size_t most) {
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
  look(b, begin, std::span{states_}.subspan(begin, count));
  return count;
}

/// While nothing is due, rows are looked up many at a time.
std::size_t clock_watch::rows_before_the_next_due(std::size_t begin, std::size_t most) const noexcept {
  if (clock_.has_begun == 0)
    return 0;
  const auto due = std::min(next_due(), next_due_of_new_key());
  const auto first = times_.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = first + static_cast<std::ptrdiff_t>(most);
  return static_cast<std::size_t>(std::find_if(first, last, [due](auto time) { return time >= due; }) - first);
}

std::size_t clock_watch::resolve(const batch& b, std::size_t begin, std::size_t count) {
  if (how_.by)
    return keys_.find_or_insert(b.at(*how_.by), std::span{b.rows}.subspan(begin, count), states_.data() + begin);
  std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(begin), count, keys_.find_or_insert(std::nullopt));
  return count;
}

// --- what is said ---

clock_row_builder& clock_watch::say(std::optional<std::string_view> key, std::int64_t time, row_index in_front_of) {
  said_->begin_row(time, in_front_of);
  if (how_.by)
    said_->set_key(*how_.by, how_.by_type, key);
  note_change();
  return *said_;
}

void clock_watch::give_rows(batch& b) {
  if (!said_->empty())
    b.clocks.push_back(said_->finish());
  said_.reset();
}

std::string clock_watch::called(std::optional<std::string_view> key) const {
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

} // namespace weir::core
