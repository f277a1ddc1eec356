#include "models/contest.hpp"

#include "core/base/fnv1a.hpp"
#include "core/batch/made_columns.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

namespace weir::models {

namespace {

using core::batch;
using core::column;
using core::column_type;
using core::row_index;

/// A hash of a key, from 0 to 1. Which keys a canary has must not change from one version of Weir to the next.
double place_of(std::string_view key) noexcept {
  return static_cast<double>(core::mixed(core::fnv1a(key)) >> 11) * 0x1.0p-53;
}

double number_in(const column& from, row_index row) {
  return from.type == column_type::float64 ? from.f64[row] : static_cast<double>(from.i64[row]);
}

bool are_equal(const column& a, const column& b, row_index row) {
  if (a.type == column_type::string || b.type == column_type::string)
    return a.type == b.type && a.text[row] == b.text[row];
  return number_in(a, row) == number_in(b, row);
}

/// The values of `rows` come from `other`, whose texts live as long.
core::column_ptr merged(const column& one, core::column_ptr other, const std::vector<row_index>& rows) {
  auto made = std::make_shared<column>(one);
  for (const auto row : rows)
    switch (made->type) {
    case column_type::float64: made->f64[row] = other->f64[row]; break;
    case column_type::string: made->text[row] = other->text[row]; break;
    default: made->i64[row] = other->i64[row]; break;
    }
  struct both {
    std::shared_ptr<const std::string> arena;
    core::column_ptr other;
  };
  const auto owners = std::make_shared<const both>(both{made->arena, std::move(other)});
  made->arena = {owners, owners->arena.get()};
  return made;
}

/// The values in these rows, null in all others.
core::column_ptr only(const column& of, const std::vector<row_index>& rows) {
  auto made = std::make_shared<column>(of);
  made->null.assign(std::max({of.f64.size(), of.i64.size(), of.text.size()}), 1);
  for (const auto row : rows)
    made->null[row] = of.is_null(row) ? 1 : 0;
  return made;
}

/// What a model does with some rows of a batch.
batch with_rows(const batch& of, std::vector<row_index> rows) {
  auto part = of;
  part.rows = std::move(rows);
  part.rejected.clear();
  return part;
}

} // namespace

contest::contest(options what) :
    options_{std::move(what)}, prediction_{options_.champion->columns_made().front()},
    is_classifier_{options_.champion->scores_with().is_classifier()} {}

core::contest_figures contest::figures() const {
  const std::lock_guard lock{mutex_};
  return figures_;
}

void contest::count(const core::contest_figures& more) const {
  const std::lock_guard lock{mutex_};
  figures_ += more;
}

void contest::run(batch& b) const {
  if (!counts())
    return options_.champion->run(b);
  core::contest_figures counted;
  if (!options_.challenger) {
    run_one(*options_.champion, b, counted.champion);
    note_said(b, batch{});
  } else if (options_.canary > 0) {
    run_as_canary(b, counted);
  } else {
    run_as_shadow(b, counted);
  }
  count(counted);
}

/// @param other what the challenger has scored; without columns: there is none
void contest::note_said(batch& b, const batch& other) const {
  if (!options_.said)
    return;
  const auto champion = b.columns[prediction_];
  core::set_column(b, *options_.said, only(*champion, b.rows));
  core::set_column(b, *options_.said + 1,
                   other.columns.empty() ? only(*champion, {}) : only(*other.columns[prediction_], other.rows));
}

void contest::run_one(const scorer& one, batch& b, core::contest_side& counted) const {
  const auto before = b.rows.size();
  const auto begin = std::chrono::steady_clock::now();
  one.run(b);
  const auto took = std::chrono::steady_clock::now() - begin;
  counted.rows += before;
  counted.refused += before - b.rows.size();
  counted.nanoseconds += static_cast<std::uint64_t>(std::chrono::nanoseconds{took}.count());
  judge(b, counted);
}

void contest::run_as_shadow(batch& b, core::contest_figures& counted) const {
  auto other = with_rows(b, b.rows);
  run_one(*options_.champion, b, counted.champion);
  run_one(*options_.challenger, other, counted.challenger);
  compare(b, other, counted);
  note_said(b, other);
}

void contest::run_as_canary(batch& b, core::contest_figures& counted) const {
  std::vector<row_index> rest, chosen;
  for (const auto row : b.rows)
    (b.raw->has_key(row) && place_of(b.raw->key(row)) < options_.canary ? chosen : rest).push_back(row);
  auto other = with_rows(b, std::move(chosen));
  b.rows = std::move(rest);
  run_one(*options_.champion, b, counted.champion);
  run_one(*options_.challenger, other, counted.challenger);
  note_said(b, other);
  for (const auto id : options_.champion->columns_made())
    b.columns[id] = merged(*b.columns[id], other.columns[id], other.rows);
  std::vector<row_index> all;
  std::ranges::merge(b.rows, other.rows, std::back_inserter(all));
  b.rows = std::move(all);
  std::ranges::move(other.rejected, std::back_inserter(b.rejected));
}

void contest::compare(const batch& b, const batch& other, core::contest_figures& counted) const {
  const auto& ours = b.at(prediction_);
  const auto& theirs = other.at(prediction_);
  std::vector<row_index> both;
  std::ranges::set_intersection(b.rows, other.rows, std::back_inserter(both));
  counted.compared += both.size();
  for (const auto row : both) {
    counted.different += are_equal(ours, theirs, row) ? 0 : 1;
    if (!is_classifier_)
      counted.absolute_difference += std::abs(number_in(ours, row) - number_in(theirs, row));
  }
}

void contest::judge(const batch& b, core::contest_side& counted) const {
  if (!options_.truth)
    return;
  const auto& truth = b.at(*options_.truth);
  const auto& said = b.at(prediction_);
  for (const auto row : b.rows) {
    if (truth.is_null(row))
      continue;
    if (is_classifier_) {
      ++counted.truths;
      counted.correct += are_equal(truth, said, row) ? 1 : 0;
      continue;
    }
    const auto error = number_in(said, row) - number_in(truth, row);
    if (!std::isfinite(error))
      continue;
    ++counted.truths;
    counted.absolute_error += std::abs(error);
    counted.square_error += error * error;
  }
}

} // namespace weir::models
