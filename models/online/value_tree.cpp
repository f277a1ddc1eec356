#include "models/online/value_tree.hpp"

#include "models/seeds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace weir::models::online {

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();

} // namespace

/// A split that may be made. In place of an input of the row, the leaf's own number of it.
struct value_tree::suggestion {
  double merit = -infinity; ///< by how much variance is reduced
  std::int64_t input = -1;  ///< -1: no split
  double threshold = 0;
  weighted_moments left{}, right{};
};

value_tree::value_tree(std::size_t inputs, std::size_t observed, const hoeffding_regression& how) noexcept :
    layout_{.inputs = inputs,
            .values = how.max_values,
            .has_model = how.leaves != value_prediction::mean,
            .observed = observed},
    how_{how}, scale_{std::pow(10, how.digits)} {
  descent_.rate.rate = how.learning_rate;
}

double value_tree::said(value_leaf& leaf, const double* row) const noexcept {
  const auto& own = leaf.own();
  if (how_.leaves == value_prediction::mean
      || (how_.leaves == value_prediction::adaptive && own.mean_error < own.model_error))
    return own.truth.mean;
  return leaf.model().sum(row, layout_.inputs);
}

double value_tree::predict(tree_units& at, std::size_t root, const double* row) const noexcept {
  value_leaf leaf{at.leaf(static_cast<std::size_t>(at.node(at.find(root, row)).left)), layout_};
  const auto predicted = said(leaf, row);
  return std::isfinite(predicted) ? predicted : std::numeric_limits<double>::quiet_NaN();
}

tree_step value_tree::learn(tree_units& at, std::optional<std::size_t> root, std::optional<std::size_t> unit,
                            const double* row, double truth, double weight, std::uint64_t seed, double* scratch) const {
  tree_step done;
  const bool is_first = !root;
  if (is_first) {
    if (!unit)
      return done;
    root = at.plant(*unit);
    value_leaf{at.leaf(*unit), layout_}.clear(seed);
    done.has_grown = true;
  }
  const auto number = at.find(*root, row);
  const auto& node = at.node(number);
  const auto slot = static_cast<std::size_t>(node.left);
  value_leaf leaf{at.leaf(slot), layout_};
  at.note_leaf(slot);
  if (!take_in(leaf, row, truth, weight, scratch))
    return done;
  done.is_learned = true;
  auto& own = leaf.own();
  if (own.is_active == 0)
    return done;
  if (how_.max_depth != 0 && node.depth >= how_.max_depth) {
    leaf.forget_inputs();
    own.is_active = 0;
  } else if (own.truth.weight - own.last_attempt >= how_.grace_period) {
    own.last_attempt = own.truth.weight;
    if (!is_first && unit && attempt_to_split(at, number, *unit, leaf, seed))
      done.has_grown = true;
  }
  return done;
}

bool value_tree::take_in(value_leaf& leaf, const double* row, double truth, double weight,
                         double* scratch) const noexcept {
  auto& own = leaf.own();
  auto next = own;
  next.truth = own.truth.with(truth, weight);
  unsigned wrong = next.truth.wrong();
  const auto model_sum = layout_.has_model ? leaf.model().sum(row, layout_.inputs) : 0;
  if (how_.leaves == value_prediction::adaptive) {
    const auto by_mean = truth - own.truth.mean;
    const auto by_model = truth - model_sum;
    next.mean_error = how_.model_selector_decay * own.mean_error + by_mean * by_mean;
    next.model_error = how_.model_selector_decay * own.model_error + by_model * by_model;
    wrong |= is_wrong(next.mean_error) | is_wrong(next.model_error);
  }
  const auto observed = own.is_active != 0 ? layout_.observed_inputs() : 0;
  for (std::size_t i = 0; i < observed; ++i) {
    const auto value = std::nearbyint(row[leaf.input(i)] * scale_) / scale_;
    const auto [index, is_new] = leaf.find(i, value);
    const auto before = is_new ? weighted_moments{} : leaf.table(i)[index].truth;
    wrong |= is_wrong(value) | before.with(truth, weight).wrong();
  }
  if (wrong != 0)
    return false;
  if (layout_.has_model && !leaf.model().step(descent_, row, layout_.inputs, 2 * (model_sum - truth) * weight, scratch))
    return false;
  own = next;
  for (std::size_t i = 0; i < observed; ++i) {
    const auto value = std::nearbyint(row[leaf.input(i)] * scale_) / scale_;
    const auto [index, is_new] = leaf.find(i, value);
    auto& entry = is_new ? leaf.insert(i, index, value) : leaf.table(i)[index];
    entry.truth = entry.truth.with(truth, weight);
  }
  return true;
}

bool value_tree::attempt_to_split(tree_units& at, std::size_t number, std::size_t unit, value_leaf& leaf,
                                  std::uint64_t seed) const {
  suggestion best, second; // the best two, of equal ones the later
  for (std::size_t i = 0; i < layout_.observed_inputs(); ++i) {
    const auto found = best_split(leaf, i);
    if (found.merit >= best.merit) {
      second = best;
      best = found;
    } else if (found.merit >= second.merit) {
      second = found;
    }
  }
  const auto bound = std::sqrt(std::log(1 / how_.delta) / (2 * leaf.own().truth.weight));
  if (!(best.merit > 0) || !(second.merit / best.merit < 1 - bound || bound < how_.tau))
    return false;
  split(at, number, unit, leaf, best, seed);
  return true;
}

value_tree::suggestion value_tree::best_split(value_leaf& leaf, std::size_t i) const noexcept {
  const auto& all = leaf.own().truth;
  suggestion best;
  weighted_moments left{};
  for (const auto& entry : leaf.table(i)) {
    left = left.and_also(entry.truth);
    const auto right = all.without(left);
    const bool is_enough = left.weight >= how_.min_samples_split && right.weight >= how_.min_samples_split;
    const auto merit = is_enough ? all.variance() - left.weight / all.weight * left.variance()
                                       - right.weight / all.weight * right.variance()
                                 : 0;
    if (merit > best.merit)
      best = {merit, static_cast<std::int64_t>(i), entry.value, left, right};
  }
  return best;
}

void value_tree::split(tree_units& at, std::size_t number, std::size_t unit, value_leaf& leaf, const suggestion& by,
                       std::uint64_t seed) const {
  const auto input = static_cast<std::int64_t>(leaf.input(static_cast<std::size_t>(by.input)));
  const auto old = static_cast<std::size_t>(at.node(number).left);
  at.split(number, input, by.threshold, unit);
  // the right one begins as a copy, with what was fitted so far and its errors; the left one has them
  std::copy_n(at.leaf(old), sizeof(value_layout::leaf) / 8 + layout_.model_words(), at.leaf(unit));
  for (const auto& [slot, truth, part] : {std::tuple{old, by.left, 0}, std::tuple{unit, by.right, 1}}) {
    value_leaf made{at.leaf(slot), layout_};
    made.restart(seed_of(seed, static_cast<std::size_t>(part)));
    made.own().truth = truth;
    made.own().last_attempt = truth.weight;
  }
}

} // namespace weir::models::online
