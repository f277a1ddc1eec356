#include "steps/detect/outlier_operator.hpp"

#include "core/base/fingerprint.hpp"
#include "core/base/short_number.hpp"
#include "core/batch/column_builder.hpp"
#include "core/batch/made_columns.hpp"
#include "core/detect/rarity_text.hpp"
#include "core/keyed/paged_operator.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace weir::steps {

namespace {

using core::batch;
using core::column_builder;
using core::column_type;
using core::row_index;

/// Rows that are gathered and scored at a time, where there is one detector for the lane.
constexpr std::size_t block_rows = 256;

/// Inputs that a reason names.
constexpr std::size_t named_inputs = 3;

/// The state: what verdicts remember, in front, and what was learned.
std::size_t front_of(const outlier_detector& of) noexcept {
  return (of.verdicts.state_size() + 15) / 16 * 16;
}

std::string layout_of(const outlier_detector& of) {
  auto text = of.kind + "; " + of.options + "; verdicts " + std::to_string(of.verdicts.state_size()) + "; inputs";
  for (const auto& [id, name] : of.inputs)
    text += ' ' + name;
  return of.by ? text + "; by " + of.by_name : text;
}

core::paged_table::options table_of(const outlier_detector& of, std::uint64_t bytes) {
  core::paged_table::options table;
  table.max_keys = of.max_keys;
  table.max_bytes = bytes;
  table.identity = {static_cast<std::uint8_t>(config::state_tag::paged), of.table, core::fingerprint(layout_of(of)),
                    of.as_name};
  table.valid = [learner = of.learner, verdicts = of.verdicts, front = front_of(of)](std::span<const std::byte> state) {
    return state.size() >= front && verdicts.valid(state.data()) && learner->valid(state.subspan(front));
  };
  return table;
}

/// Scores are shares, and crowd below 1: this is what grows evenly.
double strangeness_of(double score) noexcept {
  return -std::log1p(-std::clamp(score, 0.0, 1 - 1e-15));
}

class outlier_operator final : public core::paged_operator {
public:
  outlier_operator(std::shared_ptr<const outlier_detector> what, std::uint64_t bytes) :
      paged_operator{{table_of(*what, bytes)}}, what_{std::move(what)}, front_{front_of(*what_)},
      inputs_(block_rows * what_->inputs.size()), column_(block_rows), scores_(block_rows), times_(block_rows),
      scratch_(std::max(what_->learner->scratch_size(), what_->learner->contribution_scratch_size())),
      shares_(what_->inputs.size()) {}

  std::string describe(std::string_view) const override { return "the detector of '" + what_->as_name + "'"; }

  void process(batch& b) override {
    if (what_->by)
      reject_long_keys(b, *what_->by, what_->by_name);
    start(b);
    for (std::size_t begin = 0; begin < b.rows.size(); begin += block_rows) {
      gather(b, std::span{b.rows}.subspan(begin, std::min(block_rows, b.rows.size() - begin)));
      for (std::size_t done = 0; done < rows_.size();) {
        // A reason is asked for in front of each row that is learned.
        const auto count = what_->by || what_->reason ? 1 : rows_.size() - done;
        auto& blob =
            what_->by ? table().find_or_insert(b.at(*what_->by), rows_[done]) : table().find_or_insert(std::nullopt);
        if (!score(blob, done, count))
          return;
        done += count;
      }
    }
    finish(b);
  }

private:
  void start(const batch& b) {
    for (auto* made : {&as_, &score_, &anomaly_score_, &severity_, &reason_})
      made->start(b.raw->size());
    for (const auto row : b.rows)
      for (auto* made : {&as_, &score_, &anomaly_score_, &severity_, &reason_})
        made->set_null(row);
  }

  void finish(batch& b) {
    core::set_column(b, what_->as, as_.finish());
    for (const auto& [id, made] : {std::pair{what_->score, &score_}, std::pair{what_->anomaly_score, &anomaly_score_},
                                   std::pair{what_->severity, &severity_}, std::pair{what_->reason, &reason_}})
      if (id)
        core::set_column(b, *id, made->finish());
  }

  /// The rows that have all inputs, with them.
  void gather(const batch& b, std::span<const row_index> rows) {
    const auto width = what_->inputs.size();
    std::array<bool, block_rows> is_whole;
    is_whole.fill(true);
    for (std::size_t i = 0; i < width; ++i) {
      core::read_values(b.at(what_->inputs[i].first), rows, column_.data());
      for (std::size_t r = 0; r < rows.size(); ++r) {
        inputs_[r * width + i] = column_[r];
        is_whole[r] &= std::isfinite(column_[r]);
      }
    }
    if (what_->verdicts.uses_time())
      core::read_times(b, what_->time, rows, times_.data());
    rows_.clear();
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (!is_whole[r])
        continue;
      if (rows_.size() != r) {
        std::copy_n(inputs_.data() + r * width, width, inputs_.data() + rows_.size() * width);
        times_[rows_.size()] = times_[r];
      }
      rows_.push_back(rows[r]);
    }
  }

  /// Rows of the block, with what `blob` holds. False: there is no room, and the lane ends.
  bool score(core::paged_blob& blob, std::size_t begin, std::size_t count) {
    const auto& learner = *what_->learner;
    const auto width = what_->inputs.size();
    if (blob.empty() && !grow(0, blob, front_ + learner.first_size()))
      return false;
    for (std::size_t done = 0; done < count;) {
      const auto at = begin + done;
      const auto* row = inputs_.data() + at * width;
      has_shares_ = what_->reason && learner.contributions(blob.bytes().subspan(front_), row, shares_, scratch_);
      changed_.clear();
      const auto state =
          learner.tells_changes() ? blob.unmarked().subspan(front_) : blob.change(front_, blob.size() - front_);
      const auto made = learner.run(state, {.rows = count - done,
                                            .inputs = row,
                                            .predicted = scores_.data() + at,
                                            .scratch = scratch_.data(),
                                            .changed = &changed_});
      for (const auto& part : changed_)
        blob.change(front_ + part.offset, part.size);
      if (front_ != 0)
        blob.change(0, front_);
      for (auto i = at; i < at + made.rows; ++i)
        say(i, blob.unmarked().data());
      done += made.rows;
      if (made.wanted != 0 && !grow(0, blob, front_ + made.wanted))
        return false;
    }
    return true;
  }

  void say(std::size_t i, std::byte* memory) {
    const auto row = rows_[i];
    as_.set_valid(row);
    if (std::isnan(scores_[i]))
      return; // it warms up
    const auto said = what_->verdicts.say(memory, scores_[i], strangeness_of(scores_[i]), times_[i]);
    as_.i64()[row] = said.is_anomalous ? 1 : 0;
    score_.set_valid(row);
    score_.f64()[row] = scores_[i];
    if (!std::isnan(said.probability)) {
      anomaly_score_.set_valid(row);
      anomaly_score_.f64()[row] = core::anomaly_score_of(said.probability);
    }
    if (!said.is_anomalous)
      return;
    if (const auto how_bad = core::severity_of(said.probability); how_bad != core::severity::none) {
      severity_.set_valid(row);
      severity_.text()[row] = to_string(how_bad);
    }
    if (what_->reason) {
      reason_.set_valid(row);
      const auto begin = reason_.arena().size();
      reason_.arena() += reason_of(i, said.probability);
      reason_.set_from_arena(row, begin);
    }
  }

  std::string reason_of(std::size_t i, double probability) const {
    std::string text = "the row is unusual, " + core::short_number(scores_[i]) + " of 1";
    if (has_shares_) {
      std::vector<std::size_t> order(shares_.size());
      std::iota(order.begin(), order.end(), 0);
      const auto named = std::min(named_inputs, order.size());
      std::ranges::stable_sort(order, std::greater{}, [this](auto at) { return shares_[at]; });
      for (std::size_t k = 0; k < named; ++k)
        text += (k == 0 ? ", by " : ", ") + what_->inputs[order[k]].second + ' '
                + core::short_number(inputs_[i * shares_.size() + order[k]]) + " ("
                + core::short_number(std::round(100 * shares_[order[k]])) + " %)";
    }
    return text + core::rarity_text(probability);
  }

  std::shared_ptr<const outlier_detector> what_;
  std::size_t front_;
  column_builder as_{column_type::boolean};
  column_builder score_{column_type::float64};
  column_builder anomaly_score_{column_type::float64};
  column_builder severity_{column_type::string};
  column_builder reason_{column_type::string};
  // of the block at hand
  std::vector<row_index> rows_;
  std::vector<double> inputs_; ///< row by row
  std::vector<double> column_; ///< of a value for each row
  std::vector<double> scores_;
  std::vector<std::int64_t> times_;
  std::vector<double> scratch_;
  std::vector<double> shares_; ///< of the row at hand
  bool has_shares_ = false;
  std::vector<models::online::state_range> changed_;
};

} // namespace

config::paged_step outlier_step(outlier_detector what) {
  const auto shared = std::make_shared<const outlier_detector>(std::move(what));
  const std::uint64_t least = core::paged_table::most_bytes_of(front_of(*shared) + shared->learner->most_size());
  return {{shared->as_name, least, shared->by ? shared->max_keys * least : least},
          [shared](std::uint64_t bytes) { return std::make_shared<outlier_operator>(shared, bytes); }};
}

} // namespace weir::steps
