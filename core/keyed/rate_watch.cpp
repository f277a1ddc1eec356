#include "core/keyed/rate_watch.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/floor_div.hpp"
#include "core/base/short_number.hpp"
#include "core/batch/made_columns.hpp"
#include "core/detect/rarity_text.hpp"
#include "core/detect/usual_count.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace weir::core {

namespace {

/// What is said of the last interval that has closed.
struct closed_interval {
  std::int64_t begin; ///< ms
  double count;
  double usual;
  double score;
  double probability;
};

/// The state of a key, in front of that of its verdicts.
struct key_rate {
  std::uint64_t count; ///< records in the interval that is open
  closed_interval last;
  usual_count past;
  std::uint64_t learned;    ///< intervals that `past` knows
  std::uint32_t has_closed; ///< 0 or 1, as all below: is there a last one
  std::uint32_t was_active; ///< had that one a record
  std::uint32_t is_judged;  ///< had it a verdict
  std::uint32_t is_odd;
};

static_assert(sizeof(key_rate) % 8 == 0);

watched_state state_of_a_key(const rate_options& how) {
  return {.layout = "rate in " + std::to_string(how.interval_ms) + " ms, alpha " + std::to_string(how.alpha)
                    + (how.verdicts.state_size() != 0 ? ", judged" : ""),
          .size = sizeof(key_rate) + how.verdicts.state_size(),
          .queue_bytes = 16, // two entries at most
          .valid = [alpha = how.alpha, verdicts = how.verdicts](const std::byte* state) {
            const auto& rate = *reinterpret_cast<const key_rate*>(state);
            const auto is_flag = [](std::uint32_t flag) { return flag <= 1; };
            return is_flag(rate.has_closed) && is_flag(rate.was_active) && is_flag(rate.is_judged)
                   && is_flag(rate.is_odd) && lane_clock{rate.last.begin, 0, 0}.valid() && rate.past.valid(alpha)
                   && verdicts.valid(state + sizeof(key_rate));
          }};
}

class rate_watch final : public clock_watch {
public:
  rate_watch(const rate_options& how, std::uint8_t tag, std::uint64_t bytes) :
      clock_watch{how.of, state_of_a_key(how), tag, bytes}, how_{how} {}

private:
  static key_rate& rate_of(std::byte* state) noexcept { return *reinterpret_cast<key_rate*>(state); }

  /// Whether something is to be done when the next interval closes.
  static bool is_open(const key_rate& of) noexcept { return of.count != 0 || of.was_active != 0 || of.is_odd != 0; }

  void load_queue() override {
    open_.clear();
    keys().for_each([&](auto, const std::byte* state) {
      if (is_open(*reinterpret_cast<const key_rate*>(state)))
        open_.push_back(const_cast<std::byte*>(state)); // the table gives its states to be changed, too
    });
  }

  std::int64_t end_of_interval(std::int64_t now) const noexcept {
    return (floor_div(now, how_.interval_ms) + 1) * how_.interval_ms;
  }

  std::int64_t next_due() const noexcept override { return open_.empty() ? INT64_MAX : next_due_of_new_key(); }
  std::int64_t next_due_of_new_key() const noexcept override { return end_of_interval(clock().now); }

  // --- intervals close ---

  /// All rows of one time are made, however many.
  std::int64_t advance(std::int64_t to, std::int64_t time, row_index in_front_of, std::size_t) override {
    for (auto end = end_of_interval(clock().now); end <= to && !open_.empty(); end += how_.interval_ms) {
      if (std::ranges::none_of(open_, [&](auto* state) { return is_waiting(state); }))
        end = end_of_interval(to) - how_.interval_ms; // nothing but what lasts
      close(end, time, in_front_of);
    }
    return to;
  }

  bool is_waiting(const std::byte* state) const noexcept {
    const auto& rate = *reinterpret_cast<const key_rate*>(state);
    return keys().is_live(state) && (rate.count != 0 || rate.was_active != 0);
  }

  void close(std::int64_t end, std::int64_t time, row_index in_front_of) {
    // A slot that another key has taken may stand there twice, and one that nobody has taken still stands there.
    std::erase_if(open_, [&](auto* state) { return !keys().is_live(state); });
    std::ranges::sort(open_, [&](auto* one, auto* other) { return keys().key_of(one) < keys().key_of(other); });
    open_.erase(std::unique(open_.begin(), open_.end()), open_.end());
    std::erase_if(open_, [&](auto* state) {
      const bool was_odd = rate_of(state).is_odd != 0;
      if (is_waiting(state)) {
        judge(state, end);
        keys().mark_changed(state);
        note_change();
      } else if (was_odd && how_.forget_after_ms != 0 && end - rate_of(state).last.begin >= how_.forget_after_ms) {
        forget(state, end, time, in_front_of);
        return true;
      }
      if (was_odd || rate_of(state).is_odd != 0)
        say_verdict(state, time, in_front_of);
      return !is_open(rate_of(state));
    });
  }

  void judge(std::byte* state, std::int64_t end) {
    auto& rate = rate_of(state);
    const auto count = static_cast<double>(std::exchange(rate.count, 0));
    const bool is_whole = rate.was_active != 0;
    rate.last = {.begin = end - how_.interval_ms,
                 .count = count,
                 .usual = rate.past.mean(),
                 .score = 0,
                 .probability = std::numeric_limits<double>::quiet_NaN()};
    rate.has_closed = 1;
    rate.was_active = count > 0 ? 1 : 0;
    rate.is_odd = 0;
    rate.is_judged = rate.learned >= how_.min_count ? 1 : 0;
    if (rate.is_judged != 0) {
      const auto score = rate.past.score(count, how_.alpha);
      rate.last.score = is_whole ? score : std::max(score, 0.0);
      if (is_whole || score > 0) {
        const auto said =
            how_.verdicts.say(state + sizeof(key_rate), score, rate.past.strangeness(score, how_.alpha), end);
        rate.is_odd = said.is_anomalous ? 1 : 0;
        rate.last.probability = said.probability;
      }
    }
    if (!is_whole)
      return;
    rate.past.add(count, how_.alpha);
    ++rate.learned;
  }

  void forget(std::byte* state, std::int64_t end, std::int64_t time, row_index in_front_of) {
    const auto key = keys().key_of(state);
    auto& row = say(key, time, in_front_of);
    row.set(how_.as, false);
    if (how_.reason)
      row.set(*how_.reason, called(key) + " is forgotten, after " + seconds_text(end - rate_of(state).last.begin)
                                + " without a record");
    keys().erase(key);
  }

  // --- what is said ---

  static std::string seconds_text(std::int64_t ms) {
    return short_number(static_cast<double>(ms) / ms_per_second) + " s";
  }

  std::string reason_of(const std::byte* state, const key_rate& rate) const {
    const auto& last = rate.last;
    return called(keys().key_of(state)) + " had " + (last.count > 0 ? short_number(last.count) : "no") + " record"
           + (last.count == 1 ? "" : "s") + " in " + seconds_text(how_.interval_ms) + " from " + time_text(last.begin)
           + ", where " + short_number(last.usual) + " are usual"
           + (rate.is_odd != 0 ? rarity_text(last.probability) : "");
  }

  void say_verdict(const std::byte* state, std::int64_t time, row_index in_front_of) {
    const auto& rate = *reinterpret_cast<const key_rate*>(state);
    auto& row = say(keys().key_of(state), time, in_front_of);
    row.set(how_.as, rate.is_odd != 0);
    if (how_.score)
      row.set(*how_.score, rate.last.score);
    if (how_.anomaly_score && !std::isnan(rate.last.probability))
      row.set(*how_.anomaly_score, anomaly_score_of(rate.last.probability));
    if (how_.count)
      row.set(*how_.count, rate.last.count);
    if (how_.usual)
      row.set(*how_.usual, rate.last.usual);
    if (how_.reason)
      row.set(*how_.reason, reason_of(state, rate));
    if (const auto how_bad = rate.is_odd != 0 ? severity_of(rate.last.probability) : severity::none;
        how_.severity && how_bad != severity::none)
      row.set(*how_.severity, to_string(how_bad));
  }

  // --- records ---

  auto columns() noexcept {
    return std::array{std::pair{std::optional{how_.as}, &as_}, std::pair{how_.score, &score_},
                      std::pair{how_.anomaly_score, &rarity_}, std::pair{how_.severity, &severity_},
                      std::pair{how_.reason, &reason_},        std::pair{how_.count, &count_},
                      std::pair{how_.usual, &usual_}};
  }

  void start_columns(std::size_t rows) override {
    for (const auto& [id, made] : columns())
      if (id)
        made->start(rows);
  }

  void finish_columns(batch& b) override {
    for (const auto& [id, made] : columns())
      if (id)
        set_column(b, *id, made->finish());
  }

  void give_nothing(row_index row) override {
    for (const auto& [id, made] : columns())
      if (id)
        made->set_null(row);
  }

  void look(const batch& b, std::size_t begin, std::span<std::byte* const> states) override {
    for (std::size_t i = 0; i < states.size(); ++i) {
      move_clock(b, begin + i);
      auto& rate = rate_of(states[i]);
      if (!is_open(rate))
        open_.push_back(states[i]);
      ++rate.count;
      if (rate.has_closed == 0)
        give_nothing(b.rows[begin + i]);
      else
        give_verdict(b.rows[begin + i], states[i], rate);
    }
    if (open_.size() > 2 * keys().size() + 1024)
      load_queue(); // many keys have gone
  }

  static void give(const std::optional<column_id>& id, column_builder& into, row_index row, double value) {
    if (!id)
      return;
    if (std::isnan(value))
      into.set_null(row);
    else
      into.f64()[row] = value;
  }

  static void give(const std::optional<column_id>& id, column_builder& into, row_index row, std::string_view text) {
    if (!id)
      return;
    if (text.empty())
      return into.set_null(row);
    const auto begin = into.arena().size();
    into.arena() += text;
    into.set_from_arena(row, begin);
  }

  void give_verdict(row_index row, const std::byte* state, const key_rate& rate) {
    const auto& last = rate.last;
    if (rate.is_judged != 0)
      as_.i64()[row] = rate.is_odd;
    else
      as_.set_null(row);
    give(how_.count, count_, row, last.count);
    give(how_.usual, usual_, row, last.usual);
    give(how_.score, score_, row, last.score);
    give(how_.anomaly_score, rarity_, row, anomaly_score_of(last.probability));
    give(how_.severity, severity_, row,
         rate.is_odd != 0 ? to_string(severity_of(last.probability)) : std::string_view{});
    if (how_.reason)
      give(how_.reason, reason_, row, rate.is_odd != 0 ? reason_of(state, rate) : std::string{});
  }

  rate_options how_;
  std::vector<std::byte*> open_;
  column_builder as_{column_type::boolean};
  column_builder score_{column_type::float64};
  column_builder rarity_{column_type::float64};
  column_builder severity_{column_type::string};
  column_builder reason_{column_type::string};
  column_builder count_{column_type::float64};
  column_builder usual_{column_type::float64};
};

} // namespace

std::shared_ptr<ordered_operator> make_rate_watch(const rate_options& how, std::uint8_t tag, std::uint64_t bytes) {
  return std::make_shared<rate_watch>(how, tag, bytes);
}

state_need rate_watch_need(const rate_options& how) {
  return clock_watch::need(how.of, state_of_a_key(how));
}

} // namespace weir::core
