#include "core/keyed/silence_watch.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/short_number.hpp"
#include "core/batch/made_columns.hpp"

#include <algorithm>
#include <queue>
#include <utility>
#include <vector>

namespace weir::core {

namespace {

/// The state of a key.
struct last_record {
  std::int64_t at;        ///< what the clock showed when it came
  std::uint64_t is_known; ///< 0 or 1
};

watched_state state_of_a_key() {
  return {.layout = "silence",
          .size = sizeof(last_record),
          .queue_bytes = 32, // two entries at most
          .valid = [](const std::byte* state) {
            const auto& last = *reinterpret_cast<const last_record*>(state);
            return lane_clock{last.at, 0, last.is_known}.valid();
          }};
}

double seconds(std::int64_t ms) noexcept {
  return static_cast<double>(ms) / ms_per_second;
}

class silence_watch final : public clock_watch {
public:
  silence_watch(const silence_options& how, std::uint8_t tag, std::uint64_t bytes) :
      clock_watch{how.of, state_of_a_key(), tag, bytes}, how_{how} {}

private:
  /// When something is to be said of a key at the earliest: its last record may have come since.
  struct due_key {
    std::int64_t at;
    const std::byte* state;
    bool operator>(const due_key& other) const noexcept { return at > other.at; }
  };
  using due_queue = std::priority_queue<due_key, std::vector<due_key>, std::greater<>>;

  void load_queue() override {
    std::vector<due_key> all;
    keys().for_each([&](auto, const std::byte* state) {
      if (const auto& last = last_of(state); last.is_known != 0)
        all.push_back({next_due(last.at, clock().now), state});
    });
    queue_ = due_queue{std::greater<>{}, std::move(all)};
  }

  std::int64_t next_due() const noexcept override { return queue_.empty() ? INT64_MAX : queue_.top().at; }
  std::int64_t next_due_of_new_key() const noexcept override { return clock().now + how_.after_ms; }

  static const last_record& last_of(const std::byte* state) noexcept {
    return *reinterpret_cast<const last_record*>(state);
  }

  std::int64_t next_due(std::int64_t last, std::int64_t now) const noexcept {
    const auto next = last + (std::max<std::int64_t>(now - last, 0) / how_.after_ms + 1) * how_.after_ms;
    return how_.forget_after_ms == 0 ? next : std::min(next, std::max(last + how_.forget_after_ms, now + 1));
  }

  void begin_by_tick(std::int64_t now) override {
    if (how_.of.by || how_.of.time)
      return;
    begin_clock(now);
    see(keys().find_or_insert(std::nullopt));
  }

  /// Rows of one time are not told apart.
  std::int64_t advance(std::int64_t to, std::int64_t time, row_index in_front_of, std::size_t most) override {
    std::size_t said = 0;
    auto reached = clock().now;
    while (!queue_.empty() && queue_.top().at <= to) {
      if (said >= most)
        return reached;
      const auto at = queue_.top().at;
      due_.clear();
      for (; !queue_.empty() && queue_.top().at == at; queue_.pop()) {
        const auto* state = queue_.top().state;
        if (!keys().is_live(state) || last_of(state).is_known == 0)
          continue;
        if (const auto first = last_of(state).at + how_.after_ms; at < first)
          late_.push_back({first, state});
        else
          due_.push_back(state);
      }
      for (const auto& key : std::exchange(late_, {}))
        queue_.push(key);
      // A slot that another key has taken stands in the queue twice.
      const auto by_key = [&](auto* one, auto* other) { return keys().key_of(one) < keys().key_of(other); };
      std::ranges::sort(due_, by_key);
      due_.erase(std::unique(due_.begin(), due_.end()), due_.end());
      for (const auto* state : due_)
        say_silent(state, to, time, in_front_of);
      said += due_.size();
      if (!due_.empty())
        reached = at;
    }
    return to;
  }

  // --- what is said ---

  static std::string span_of(std::int64_t ms) { return short_number(seconds(ms)) + " s"; }

  void say_silent(const std::byte* state, std::int64_t now, std::int64_t time, row_index in_front_of) {
    const auto key = keys().key_of(state);
    const auto last = last_of(state).at;
    const bool is_forgotten = how_.forget_after_ms != 0 && now - last >= how_.forget_after_ms;
    auto& row = say(key, time, in_front_of);
    row.set(how_.as, !is_forgotten);
    if (how_.ended)
      row.set(*how_.ended, false);
    if (how_.silent_for)
      row.set(*how_.silent_for, seconds(now - last));
    if (how_.reason)
      row.set(*how_.reason,
              called(key)
                  + (is_forgotten ? " is forgotten, after " + span_of(now - last) + " of silence"
                                  : " has been silent for " + span_of(now - last) + ", since " + time_text(last)));
    if (is_forgotten)
      keys().erase(key);
    else
      queue_.push({next_due(last, now), state});
  }

  // --- records ---

  void start_columns(std::size_t rows) override {
    for (auto* made : {&as_, &ended_, &silent_for_, &reason_})
      made->start(rows);
  }

  void finish_columns(batch& b) override {
    set_column(b, how_.as, as_.finish());
    for (const auto& [id, made] :
         {std::pair{how_.ended, &ended_}, std::pair{how_.silent_for, &silent_for_}, std::pair{how_.reason, &reason_}})
      if (auto column = made->finish(); id)
        set_column(b, *id, std::move(column));
  }

  void look(const batch& b, std::size_t begin, std::span<std::byte* const> states) override {
    for (std::size_t i = 0; i < states.size(); ++i) {
      move_clock(b, begin + i);
      look(b.rows[begin + i], states[i]);
    }
    if (queue_.size() > 2 * keys().size() + 1024)
      load_queue(); // many keys have gone
  }

  /// A record of the key has come. @returns how long that one was silent, if it was
  std::optional<std::int64_t> see(std::byte* state) {
    auto& last = *reinterpret_cast<last_record*>(state);
    const auto silence = last.is_known != 0 ? clock().now - last.at : 0;
    if (last.is_known == 0)
      queue_.push({next_due(clock().now, clock().now), state});
    last = {clock().now, 1};
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
    reason_.arena() += called(keys().key_of(state)) + " was silent for " + span_of(*silence);
    reason_.set_from_arena(row, begin);
  }

  void give_nothing(row_index row) override {
    for (auto* made : {&as_, &ended_, &silent_for_, &reason_})
      made->set_null(row);
  }

  silence_options how_;
  due_queue queue_;
  column_builder as_{column_type::boolean};
  column_builder ended_{column_type::boolean};
  column_builder silent_for_{column_type::float64};
  column_builder reason_{column_type::string};
  std::vector<const std::byte*> due_;
  std::vector<due_key> late_;
};

} // namespace

std::shared_ptr<ordered_operator> make_silence_watch(const silence_options& how, std::uint8_t tag,
                                                     std::uint64_t bytes) {
  return std::make_shared<silence_watch>(how, tag, bytes);
}

state_need silence_watch_need(const silence_options& how) {
  return clock_watch::need(how.of, state_of_a_key());
}

} // namespace weir::core
