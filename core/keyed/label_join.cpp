#include "core/keyed/label_join.hpp"

#include "core/base/fingerprint.hpp"
#include "core/base/fnv1a.hpp"
#include "core/cluster/contest_counters.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/long_keys.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace weir::core {

namespace {

/// A value that is compared: a number of a regressor, a hash of a classifier's label.
using compared = std::uint64_t;

/// The state of a key.
struct waiting {
  static constexpr std::uint64_t has_truth = 1, has_champion = 2, has_challenger = 4;

  std::int64_t time_ms = 0; ///< of the record that waits
  std::uint64_t has = 0;
  contest_models models; ///< that made the predictions
  compared champion = 0;
  compared challenger = 0;
  compared truth = 0;
};
static_assert(sizeof(waiting) == 56);

bool is_state(const std::byte* bytes) {
  waiting state;
  std::memcpy(&state, bytes, sizeof state);
  return state.has <= (waiting::has_truth | waiting::has_champion | waiting::has_challenger);
}

key_table::options table_of(const label_join_options& how, std::uint8_t tag, std::uint64_t bytes) {
  key_table::options settings;
  settings.state_size = sizeof(waiting);
  settings.max_keys = how.max_keys;
  settings.max_bytes = bytes;
  settings.identity = {tag, 0, fingerprint("labels of " + how.name + " by " + how.key_name), "labels of " + how.name};
  settings.valid = is_state;
  return settings;
}

compared value_in(const column& from, row_index row, bool is_classifier) {
  if (from.type == column_type::string)
    return fnv1a(from.text[row]);
  const auto number = from.type == column_type::float64 ? from.f64[row] : static_cast<double>(from.i64[row]);
  return is_classifier ? static_cast<compared>(static_cast<std::int64_t>(number)) : std::bit_cast<compared>(number);
}

class label_join final : public ordered_operator {
public:
  label_join(const label_join_options& how, std::uint8_t tag, std::uint64_t bytes) :
      how_{how}, tag_{tag}, decoder_{how.labels.make_decoder()}, waiting_{table_of(how, tag, bytes)} {}

  void process(batch& b) override {
    if (!b.scored_with)
      return;
    models_ = b.scored_with->models_at(how_.slot);
    figures_ = {};
    for (const auto& block : b.labels)
      take_labels(block, b);
    take_predictions(b);
    if (figures_ != contest_figures{})
      b.scored_with->count(how_.slot, figures_);
  }

  std::uint8_t tag() const noexcept override { return tag_; }
  void collect_changes(record_block& into) override { waiting_.collect_changes(into); }
  result<void> restore(std::string_view key, const std::string_view* value) override {
    return waiting_.restore(key, value);
  }
  std::string describe(std::string_view) const override { return "the state of the labels of '" + how_.name + "'"; }
  operator_counts counts() const noexcept override {
    return {.keys = waiting_.size(), .evictions = waiting_.evictions(), .bytes = waiting_.bytes()};
  }

private:
  void take_labels(const raw_block_ptr& block, batch& b) {
    batch read;
    read.raw = block;
    decoder_->decode(read);
    reject_long_keys(read, label_record::key, how_.key_name);
    for (auto& rejected : read.rejected)
      b.refused_labels.push_back({block, std::move(rejected)});
    const auto& keys = read.at(label_record::key);
    const auto& truths = read.at(label_record::truth);
    std::erase_if(read.rows, [&](row_index row) { return keys.is_null(row) || truths.is_null(row); });
    for_each_key(keys, read.rows, [&](waiting& state, row_index row) {
      const auto time = block->timestamps[row];
      const bool is_pair = (state.has & ~waiting::has_truth) != 0 && is_near(state.time_ms, time);
      if (!is_pair)
        state = {};
      state.has |= waiting::has_truth;
      state.truth = value_in(truths, row, how_.is_classifier);
      state.time_ms = time;
      if (is_pair)
        conclude(state);
    });
  }

  void take_predictions(batch& b) {
    reject_long_keys(b, how_.key, how_.key_name);
    const auto& keys = b.at(how_.key);
    const auto& champion = b.at(how_.champion);
    const auto& challenger = b.at(how_.challenger);
    rows_.assign(b.rows.begin(), b.rows.end());
    std::erase_if(rows_, [&](row_index row) { return keys.is_null(row); });
    for_each_key(keys, rows_, [&](waiting& state, row_index row) {
      const auto time = b.raw->timestamps[row];
      const bool is_pair = (state.has & waiting::has_truth) != 0 && is_near(state.time_ms, time);
      state.has &= is_pair ? waiting::has_truth : 0;
      state.models = models_;
      state.time_ms = time;
      if (!champion.is_null(row)) {
        state.has |= waiting::has_champion;
        state.champion = value_in(champion, row, how_.is_classifier);
      }
      if (!challenger.is_null(row)) {
        state.has |= waiting::has_challenger;
        state.challenger = value_in(challenger, row, how_.is_classifier);
      }
      if (is_pair)
        conclude(state);
    });
  }

  template <class Take>
  void for_each_key(const column& keys, std::span<const row_index> rows, Take take) {
    states_.resize(rows.size());
    for (std::size_t done = 0; done < rows.size();) {
      const auto count = waiting_.find_or_insert(keys, rows.subspan(done), states_.data());
      for (std::size_t i = 0; i < count; ++i) {
        waiting state;
        std::memcpy(&state, states_[i], sizeof state);
        take(state, rows[done + i]);
        std::memcpy(states_[i], &state, sizeof state);
      }
      done += count;
    }
  }

  bool is_near(std::int64_t one, std::int64_t other) const noexcept {
    const auto distance =
        static_cast<std::uint64_t>(std::max(one, other)) - static_cast<std::uint64_t>(std::min(one, other));
    return distance <= static_cast<std::uint64_t>(how_.within_ms);
  }

  /// Counts a pair, which is gone then.
  void conclude(waiting& state) {
    if ((state.has & waiting::has_champion) != 0)
      judge(state.models.champion, state.champion, state.truth);
    if ((state.has & waiting::has_challenger) != 0)
      judge(state.models.challenger, state.challenger, state.truth);
    state = {};
  }

  void judge(std::uint64_t model, compared said, compared truth) {
    if (model != 0 && model == models_.champion)
      judge(figures_.champion, said, truth);
    else if (model != 0 && model == models_.challenger)
      judge(figures_.challenger, said, truth);
  }

  void judge(contest_side& side, compared said, compared truth) const {
    if (how_.is_classifier) {
      ++side.truths;
      side.correct += said == truth ? 1 : 0;
      return;
    }
    const auto error = std::bit_cast<double>(said) - std::bit_cast<double>(truth);
    if (!std::isfinite(error))
      return;
    ++side.truths;
    side.absolute_error += std::abs(error);
    side.square_error += error * error;
  }

  label_join_options how_;
  std::uint8_t tag_;
  std::unique_ptr<decoder> decoder_;
  key_table waiting_;
  contest_models models_;
  contest_figures figures_;
  std::vector<row_index> rows_;
  std::vector<std::byte*> states_;
};

} // namespace

std::shared_ptr<ordered_operator> make_label_join(const label_join_options& how, std::uint8_t tag,
                                                  std::uint64_t bytes) {
  return std::make_shared<label_join>(how, tag, bytes);
}

state_need label_join_need(const label_join_options& how) {
  const auto of_one = key_table::bytes_per_key(sizeof(waiting)) + max_key_bytes;
  return {"labels of " + how.name, of_one, how.max_keys * of_one};
}

} // namespace weir::core
