#include "steps/infer/online_operator.hpp"

#include "core/base/fingerprint.hpp"
#include "core/batch/made_columns.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/paged_operator.hpp"
#include "core/keyed/row_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir::steps {

namespace {

using core::batch;
using core::column;
using core::column_type;
using core::row_index;
using models::online::example_block;

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

/// Rows that are gathered and learned from at a time, where there is one model for the lane.
constexpr std::size_t block_rows = 256;

std::string layout_of(const online_model& of) {
  auto text = of.kind + " of " + of.truth.name + "; " + of.options + "; inputs";
  for (const auto& input : of.inputs)
    text += ' ' + input.name;
  if (of.by)
    text += "; by " + of.by->name;
  if (of.label)
    text += "; " + std::string{to_string(*of.label)};
  for (const auto& label : of.classes)
    text += ' ' + label;
  return text;
}

core::paged_table::options table_of(const online_model& of, std::uint64_t bytes) {
  core::paged_table::options table;
  table.max_keys = of.max_keys;
  table.max_bytes = bytes;
  table.identity = {static_cast<std::uint8_t>(config::state_tag::online), of.table, core::fingerprint(layout_of(of)),
                    of.as_name};
  table.valid = [learner = of.learner](std::span<const std::byte> state) { return learner->valid(state); };
  return table;
}

bool is_finite(const column& values, row_index row) {
  return values.type != column_type::float64 || std::isfinite(values.f64[row]);
}

/// Whether a look at each row is worth it. Sums of products with 0 tell, without a branch a row.
bool may_have_bad(const column& values, const std::vector<row_index>& rows) {
  if (!values.null.empty())
    return true;
  if (values.type != column_type::float64)
    return false;
  double check = 0;
  for (const auto row : rows)
    check += values.f64[row] * 0;
  return check != 0;
}

/// The label of a row: of a number its bytes.
std::string_view label_at(const column& labels, row_index row) {
  if (labels.type != column_type::string)
    return {reinterpret_cast<const char*>(&labels.i64[row]), sizeof(std::int64_t)};
  const auto text = labels.text[row];
  return text.empty() ? std::string_view{""} : text;
}

/// A column with a value for some rows.
class made_column {
public:
  made_column(column_type type, std::size_t rows) : made_{std::make_shared<column>()} {
    made_->type = type;
    if (type == column_type::float64)
      made_->f64.resize(rows);
    else if (type == column_type::string)
      made_->text.resize(rows);
    else
      made_->i64.resize(rows);
    rows_ = rows;
  }

  void set_null(row_index row) {
    made_->null.resize(rows_);
    made_->null[row] = 1;
  }

  void set(row_index row, double value) {
    if (std::isnan(value))
      set_null(row);
    else
      made_->f64[row] = value;
  }

  /// A text is copied: the model's own may move.
  void set_label(row_index row, std::string_view label) {
    if (label.data() == nullptr)
      return set_null(row);
    if (made_->type != column_type::string) {
      std::memcpy(&made_->i64[row], label.data(), sizeof(std::int64_t));
      return;
    }
    if (texts_.empty() || label != std::string_view{arena_}.substr(texts_.back().begin, texts_.back().size)) {
      texts_.push_back({row, arena_.size(), label.size()});
      arena_.append(label);
    } else {
      texts_.push_back({row, texts_.back().begin, label.size()});
    }
  }

  core::column_ptr take() {
    if (!texts_.empty()) {
      auto arena = std::make_shared<const std::string>(std::move(arena_));
      for (const auto& [row, begin, size] : texts_)
        made_->text[row] = std::string_view{*arena}.substr(begin, size);
      made_->arena = std::move(arena);
    }
    return std::move(made_);
  }

private:
  struct text {
    row_index row;
    std::size_t begin;
    std::size_t size;
  };

  std::shared_ptr<column> made_;
  std::size_t rows_ = 0;
  std::string arena_;
  std::vector<text> texts_;
};

class online_operator final : public core::paged_operator {
public:
  online_operator(std::shared_ptr<const online_model> what, std::uint64_t bytes) :
      paged_operator{{table_of(*what, bytes)}}, what_{std::move(what)}, scratch_(what_->learner->scratch_size()) {
    const auto most = (has_old_rows() ? 2 : 1) * block_rows;
    inputs_.resize(most * what_->inputs.size());
    for (auto* numbers : {&column_, &truth_, &predicted_, &probabilities_})
      numbers->resize(most);
    labels_.resize(most);
    chosen_.resize(most);
    unlearn_.resize(most);
    records_.resize(most);
  }

  std::string describe(std::string_view) const override { return "the model of '" + what_->as_name + "'"; }

  core::operator_counts counts() const noexcept override {
    auto all = paged_operator::counts();
    all.learned = learned_;
    all.not_learned = not_learned_;
    all.unlearned = unlearned_;
    all.not_unlearned = not_unlearned_;
    return all;
  }

  void process(batch& b) override {
    if (what_->by)
      reject_long_keys(b, what_->by->id, what_->by->name);
    reject_bad(b);
    const auto rows = b.raw->size();
    made_column prediction{what_->label.value_or(column_type::float64), rows};
    made_column probability{column_type::float64, what_->probability ? rows : 0};
    for (std::size_t begin = 0; begin < b.rows.size(); begin += block_rows) {
      const auto part = std::span{b.rows}.subspan(begin, std::min(block_rows, b.rows.size() - begin));
      const auto examples = gather(b, part);
      for (std::size_t done = 0; done < examples;) {
        const auto count = what_->by ? 1 : examples - done;
        auto& blob =
            what_->by ? table().find_or_insert(key_of(b, done), records_[done]) : table().find_or_insert(std::nullopt);
        if (!learn(blob, done, count, prediction, probability))
          return;
        done += count;
      }
    }
    core::set_column(b, what_->as, prediction.take());
    if (what_->probability)
      core::set_column(b, *what_->probability, probability.take());
    what_->figures->add(std::exchange(judged_, {}));
  }

private:
  /// Takes the records out of the batch that are not good. @param why the reason, of a row
  template <class IsGood, class Why>
  static void reject(batch& b, IsGood is_good, Why why) {
    std::erase_if(b.rows, [&](row_index row) {
      if (is_good(row))
        return false;
      b.rejected.push_back({row, core::stage::infer, why(row)});
      return true;
    });
  }

  void reject_bad(batch& b) const {
    for (const auto& [id, name] : what_->inputs)
      if (const auto& values = b.at(id); may_have_bad(values, b.rows))
        reject(
            b, [&](row_index row) { return !values.is_null(row) && is_finite(values, row); },
            [&](row_index row) {
              return "input '" + name + (values.is_null(row) ? "' is null" : "' is not a finite number");
            });
    const auto& truth = b.at(what_->truth.id);
    if (what_->label && *what_->label != column_type::boolean)
      reject(
          b, [&](row_index row) { return truth.is_null(row) || is_label(label_at(truth, row)); },
          [&](row_index row) { return wrong_label(label_at(truth, row)); });
    else if (!what_->label && may_have_bad(truth, b.rows))
      reject(
          b, [&](row_index row) { return truth.is_null(row) || is_finite(truth, row); },
          [&](row_index) { return "truth '" + what_->truth.name + "' is not a finite number"; });
  }

  bool is_label(std::string_view label) const noexcept {
    const auto& classes = what_->classes;
    return label.size() <= models::online::max_label_bytes
           && (classes.empty() || std::find(classes.begin(), classes.end(), label) != classes.end());
  }

  std::string wrong_label(std::string_view label) const {
    const auto of = "label '" + what_->truth.name + "' ";
    return label.size() > models::online::max_label_bytes
               ? of + "has " + std::to_string(label.size()) + " bytes; "
                     + std::to_string(models::online::max_label_bytes) + " are the most"
               : of + "is none of the classes";
  }

  bool has_old_rows() const noexcept { return what_->changes && what_->changes->old; }

  /// The examples that records are: each its row, and in front of it the one that it replaces. @returns how many
  std::size_t gather(const batch& b, std::span<const row_index> rows) {
    std::size_t examples = 0;
    places_.clear();
    old_rows_.clear();
    old_places_.clear();
    for (const auto row : rows) {
      if (has_old_rows() && is_old_row(b, row)) {
        old_rows_.push_back(row);
        old_places_.push_back(examples);
        records_[examples] = row;
        unlearn_[examples++] = 1;
      }
      places_.push_back(examples);
      records_[examples] = row;
      unlearn_[examples++] = 0;
    }
    gather(b, rows, places_, what_->inputs, what_->truth);
    if (!old_rows_.empty())
      gather(b, old_rows_, old_places_, what_->changes->old->inputs, what_->changes->old->truth);
    if (what_->changes)
      for (std::size_t r = 0; r < rows.size(); ++r)
        if (is_delete(b, rows[r])) {
          truth_[places_[r]] = unknown;
          labels_[places_[r]] = {};
        }
    return examples;
  }

  /// Inputs and truth of rows, each as the example of its place.
  void gather(const batch& b, std::span<const row_index> rows, std::span<const std::size_t> places,
              std::span<const read_column> inputs, const read_column& of) {
    const auto width = inputs.size();
    for (std::size_t i = 0; i < width; ++i) {
      core::read_values(b.at(inputs[i].id), rows, column_.data());
      for (std::size_t r = 0; r < rows.size(); ++r)
        inputs_[places[r] * width + i] = column_[r];
    }
    const auto& truth = b.at(of.id);
    if (!what_->label) {
      core::read_values(truth, rows, column_.data());
      for (std::size_t r = 0; r < rows.size(); ++r)
        truth_[places[r]] = column_[r];
      return;
    }
    for (std::size_t r = 0; r < rows.size(); ++r)
      labels_[places[r]] = truth.is_null(rows[r]) ? std::string_view{} : label_at(truth, rows[r]);
  }

  /// @pre what_->changes
  bool is_delete(const batch& b, row_index row) const {
    const auto& operation = b.at(what_->changes->operation.id);
    if (operation.is_null(row))
      return false;
    return operation.type == column_type::string ? operation.text[row] == "d" : operation.i64[row] != 0;
  }

  /// Whether a record has a row before the change that can have been learned. @pre has_old_rows()
  bool is_old_row(const batch& b, row_index row) const {
    const auto& old = *what_->changes->old;
    const auto& truth = b.at(old.truth.id);
    if (truth.is_null(row) || !is_finite(truth, row))
      return false;
    if (what_->label && *what_->label != column_type::boolean && !is_label(label_at(truth, row)))
      return false;
    if (old.by) {
      const auto& key = b.at(old.by->id);
      if (key.type == column_type::string && key.text[row].size() > core::max_key_bytes)
        return false;
    }
    return std::ranges::all_of(old.inputs, [&](const read_column& input) {
      const auto& values = b.at(input.id);
      return !values.is_null(row) && is_finite(values, row);
    });
  }

  /// Where the key of an example stands.
  const column& key_of(const batch& b, std::size_t example) const {
    return b.at(unlearn_[example] != 0 ? what_->changes->old->by->id : what_->by->id);
  }

  void judge(std::size_t example) {
    ++judged_.rows;
    if (what_->label) {
      if (labels_[example].data() == nullptr || chosen_[example].data() == nullptr)
        return;
      ++judged_.truths;
      judged_.correct += labels_[example] == chosen_[example] ? 1 : 0;
      return;
    }
    const auto error = predicted_[example] - truth_[example];
    if (!std::isfinite(error * error)) // not known, or nothing was said
      return;
    ++judged_.truths;
    judged_.absolute_error += std::abs(error);
    judged_.square_error += error * error;
  }

  /// Examples of the block, with the model that `blob` holds. False: there is no room, and the lane ends.
  bool learn(core::paged_blob& blob, std::size_t begin, std::size_t count, made_column& prediction,
             made_column& probability) {
    const auto& learner = *what_->learner;
    if (blob.empty() && !grow(0, blob, learner.first_size()))
      return false;
    for (std::size_t done = 0; done < count;) {
      const auto at = begin + done;
      const example_block block{.rows = count - done,
                                .inputs = inputs_.data() + at * what_->inputs.size(),
                                .truth = truth_.data() + at,
                                .labels = labels_.data() + at,
                                .predicted = predicted_.data() + at,
                                .chosen = chosen_.data() + at,
                                .probabilities = probabilities_.data() + at,
                                .unlearn = has_old_rows() ? unlearn_.data() + at : nullptr,
                                .scratch = scratch_.data(),
                                .changed = &changed_};
      changed_.clear();
      const auto made = learner.run(learner.tells_changes() ? blob.unmarked() : blob.change(0, blob.size()), block);
      for (const auto& part : changed_)
        blob.change(part.offset, part.size);
      for (auto i = at; i < at + made.rows; ++i) {
        if (unlearn_[i] != 0)
          continue;
        what_->label ? prediction.set_label(records_[i], chosen_[i]) : prediction.set(records_[i], predicted_[i]);
        if (what_->probability)
          probability.set(records_[i], probabilities_[i]);
        judge(i);
      }
      learned_ += made.learned;
      not_learned_ += made.refused;
      unlearned_ += made.unlearned;
      not_unlearned_ += made.kept;
      done += made.rows;
      if (made.wanted != 0 && !grow(0, blob, made.wanted))
        return false;
    }
    return true;
  }

  std::shared_ptr<const online_model> what_;
  core::contest_side judged_; ///< of the batch at hand
  std::uint64_t learned_ = 0;
  std::uint64_t not_learned_ = 0;
  std::uint64_t unlearned_ = 0;
  std::uint64_t not_unlearned_ = 0;
  // of the block at hand
  std::vector<std::size_t> places_; ///< which example a record's row is
  std::vector<row_index> old_rows_; ///< records that replace a row
  std::vector<std::size_t> old_places_;
  // of the examples
  std::vector<row_index> records_;
  std::vector<std::uint8_t> unlearn_;
  std::vector<double> inputs_; ///< row by row
  std::vector<double> column_; ///< of a value for each row
  std::vector<double> truth_;
  std::vector<double> predicted_;
  std::vector<double> probabilities_;
  std::vector<double> scratch_;
  std::vector<std::string_view> labels_;
  std::vector<std::string_view> chosen_;
  std::vector<models::online::state_range> changed_;
};

} // namespace

config::paged_step online_step(online_model what) {
  const auto shared = std::make_shared<const online_model>(std::move(what));
  const std::uint64_t least = core::paged_table::most_bytes_of(shared->learner->most_size());
  return {{shared->as_name, least, shared->by ? shared->max_keys * least : least},
          [shared](std::uint64_t bytes) { return std::make_shared<online_operator>(shared, bytes); }};
}

} // namespace weir::steps
