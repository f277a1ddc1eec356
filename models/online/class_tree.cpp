#include "models/online/class_tree.hpp"

#include "models/seeds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>

namespace weir::models::online {

namespace {

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinity = std::numeric_limits<double>::infinity();

// As in river:
constexpr double max_share_to_split = 0.99;
constexpr double min_branch_fraction = 0.01;

/// Of a normal distribution; minus infinity where there is none.
double log_density(const tree_layout::observed_input& of, double count, double x) noexcept {
  const auto variance = count > 1 ? of.squares / (count - 1) : 0;
  if (!(variance > 0))
    return -infinity;
  const auto distance = x - of.mean;
  return distance * distance / (-2 * variance) - 0.5 * std::log(2 * std::numbers::pi) - 0.5 * std::log(variance);
}

/// The share of a normal distribution that lies below x.
double share_below(const tree_layout::observed_input& of, double count, double x) noexcept {
  const auto sigma = count > 1 ? std::sqrt(of.squares / (count - 1)) : 0;
  return sigma > 0 ? 0.5 * (1 + std::erf((x - of.mean) / sigma / std::numbers::sqrt2)) : 0;
}

/// How many rows of each observed class a threshold sends where. A class whose rows all go one way has no key on the
/// other side: NaN.
void divide(tree_leaf& leaf, std::size_t input, double threshold, double* left, double* right) noexcept {
  for (const auto c : leaf.observed()) {
    const auto& of = leaf.inputs_of(c)[input];
    const auto count = leaf.counts()[c];
    left[c] = threshold < of.least      ? unknown
              : threshold >= of.largest ? count
                                        : share_below(of, count, threshold) * count;
    right[c] = threshold < of.least ? count : threshold >= of.largest ? unknown : count - left[c];
  }
}

struct spread {
  double weight = 0;
  double entropy = 0; ///< in bits
};

spread spread_of(std::span<const std::uint64_t> classes, const double* weights) noexcept {
  double sum = 0, logs = 0, total = 0;
  for (const auto c : classes) {
    const auto weight = weights[c];
    if (std::isnan(weight))
      continue;
    total += weight;
    if (weight > 0) {
      logs -= weight * std::log2(weight);
      sum += weight;
    }
  }
  return {total, sum > 0 ? (logs + sum * std::log2(sum)) / sum : 0};
}

std::size_t best_of(tree_leaf& leaf, const double* votes) noexcept {
  auto best = class_list::none;
  for (const auto c : leaf.classes())
    if (best == class_list::none || votes[c] > votes[best])
      best = c;
  return best;
}

/// Votes of the classes with a weight; what stands in others means nothing. @returns the class with the most, the
/// first that came of equal ones; none: there are none
std::size_t majority(tree_leaf& leaf, double* votes) noexcept {
  const auto total = leaf.total();
  for (const auto c : leaf.classes())
    votes[c] = total == 0 ? leaf.weights()[c] : leaf.weights()[c] * (1 / total);
  return best_of(leaf, votes);
}

} // namespace

/// A split that may be made. In place of an input of the row, the leaf's own number of it.
struct class_tree::suggestion {
  double merit = -infinity;
  std::int64_t input = -1; ///< -1: no split
  double threshold = 0;
};

std::size_t class_tree::bayes(tree_leaf& leaf, const double* row, double* votes) const noexcept {
  const auto total = leaf.total();
  if (total == 0)
    return class_list::none;
  for (const auto c : leaf.classes()) {
    const auto weight = leaf.weights()[c];
    votes[c] = weight > 0 ? std::log(weight / total) : 0;
    if (weight > 0 && leaf.counts()[c] > 0)
      for (std::size_t i = 0; i < leaf.inputs(); ++i)
        if (const auto log = log_density(leaf.inputs_of(c)[i], leaf.counts()[c], row[leaf.input(i)]); log > -infinity)
          votes[c] += log;
  }
  const auto best = votes[best_of(leaf, votes)];
  double sum = 0;
  for (const auto c : leaf.classes())
    sum += std::exp(votes[c] - best);
  const auto all = best + std::log(sum);
  for (const auto c : leaf.classes())
    votes[c] = std::exp(votes[c] - all);
  return best_of(leaf, votes);
}

std::size_t class_tree::vote(tree_leaf leaf, const double* row, double* votes,
                             const class_labels& labels) const noexcept {
  const auto& own = leaf.own();
  const bool is_bayes = own.is_active != 0
                        && (how_.leaves == leaf_prediction::nb
                            || (how_.leaves == leaf_prediction::nba && own.bayes_right >= own.majority_right));
  auto best = is_bayes ? bayes(leaf, row, votes) : majority(leaf, votes);
  if (best == class_list::none)
    return best;
  for (const auto c : leaf.classes())
    if (votes[c] == votes[best] && labels.is_before(c, best))
      best = c;
  return best;
}

tree_leaf class_tree::leaf_of(tree_units& at, std::size_t root, const double* row) const noexcept {
  return {at.leaf(static_cast<std::size_t>(at.node(at.find(root, row)).left)), layout_};
}

tree_step class_tree::learn(tree_units& at, std::optional<std::size_t> root, std::optional<std::size_t> unit,
                            const double* row, std::size_t c, double weight, std::uint64_t seed,
                            double* scratch) const {
  tree_step done;
  const bool is_first = !root;
  if (is_first) {
    if (!unit)
      return done;
    root = at.plant(*unit);
    tree_leaf{at.leaf(*unit), layout_}.clear(seed);
    done.has_grown = true;
  }
  const auto number = at.find(*root, row);
  const auto& node = at.node(number);
  const auto slot = static_cast<std::size_t>(node.left);
  tree_leaf leaf{at.leaf(slot), layout_};
  auto* const votes = scratch + 2 * layout_.observed_inputs();
  const bool is_active = leaf.own().is_active != 0;
  const bool is_majority = is_active && (leaf.own().classes == 0 || majority(leaf, votes) == c);
  const bool is_bayes = is_active && bayes(leaf, row, votes) == c;
  at.note_leaf(slot);
  if (is_active && !leaf.observe(c, row, weight, scratch))
    return done;
  done.is_learned = true;
  leaf.own().majority_right += is_majority ? weight : 0;
  leaf.own().bayes_right += is_bayes ? weight : 0;
  leaf.add(c, weight);
  if (!is_active)
    return done;
  if (how_.max_depth != 0 && node.depth >= how_.max_depth) {
    leaf.forget_inputs();
    leaf.own().is_active = 0;
  } else if (const auto total = leaf.total(); total - leaf.own().last_attempt >= how_.grace_period) {
    leaf.own().last_attempt = total;
    if (!is_first && unit && attempt_to_split(at, number, *unit, leaf, total, seed, votes))
      done.has_grown = true;
  }
  return done;
}

bool class_tree::attempt_to_split(tree_units& at, std::size_t number, std::size_t unit, tree_leaf& leaf, double weight,
                                  std::uint64_t seed, double* scratch) const {
  const auto classes = leaf.classes();
  if (std::ranges::count_if(classes, [&](auto c) { return leaf.weights()[c] != 0; }) < 2)
    return false;
  double most = 0;
  for (const auto c : classes)
    most = std::max(most, leaf.weights()[c]);
  // river takes a leaf out of use that is not worth a split, and takes it up again at once
  if (most / weight > max_share_to_split) {
    leaf.forget_inputs();
    return false;
  }
  suggestion best, second; // the best two, of equal ones the later
  for (std::size_t i = 0; i < leaf.inputs(); ++i) {
    const auto found = best_split(leaf, i, scratch);
    if (found.merit >= best.merit) {
      second = best;
      best = found;
    } else if (found.merit >= second.merit) {
      second = found;
    }
  }
  const auto range = std::log2(static_cast<double>(std::max<std::size_t>(2, classes.size())));
  const auto bound = std::sqrt(range * range * std::log(1 / how_.delta) / (2 * weight));
  if (!(best.merit - second.merit > bound) && !(bound < how_.tau))
    return false;
  if (best.input < 0) {
    leaf.forget_inputs();
    return false;
  }
  split(at, number, unit, leaf, best, seed, scratch);
  return true;
}

/// The best threshold for an input, by information gain.
class_tree::suggestion class_tree::best_split(tree_leaf& leaf, std::size_t input, double* scratch) const noexcept {
  auto* const left = scratch;
  auto* const right = scratch + layout_.classes;
  double least = infinity, largest = -infinity;
  for (const auto c : leaf.observed()) {
    least = std::min(least, leaf.inputs_of(c)[input].least);
    largest = std::max(largest, leaf.inputs_of(c)[input].largest);
  }
  suggestion best;
  const auto step = (largest - least) / (how_.n_splits + 1.0);
  const auto before = spread_of(leaf.classes(), leaf.weights()).entropy;
  for (std::uint32_t k = 0; k < how_.n_splits; ++k) {
    const auto threshold = least + step * (k + 1);
    if (!(least < threshold && threshold < largest))
      continue;
    divide(leaf, input, threshold, left, right);
    const auto l = spread_of(leaf.observed(), left);
    const auto r = spread_of(leaf.observed(), right);
    const auto total = l.weight + r.weight;
    if (!(l.weight / total > min_branch_fraction && r.weight / total > min_branch_fraction))
      continue;
    const auto merit = before - (l.weight * l.entropy + r.weight * r.entropy) / total;
    if (merit > best.merit)
      best = {merit, static_cast<std::int64_t>(input), threshold};
  }
  return best;
}

/// The leaf becomes the left one of two.
void class_tree::split(tree_units& at, std::size_t number, std::size_t unit, tree_leaf& leaf, const suggestion& by,
                       std::uint64_t seed, double* scratch) const {
  auto* const left = scratch;
  auto* const right = scratch + layout_.classes;
  auto* const order = reinterpret_cast<std::uint64_t*>(scratch + 2 * layout_.classes);
  const auto index = static_cast<std::size_t>(by.input);
  const auto input = static_cast<std::int64_t>(leaf.input(index));
  divide(leaf, index, by.threshold, left, right);
  const auto observed = static_cast<std::size_t>(leaf.own().observed);
  std::copy_n(leaf.observed_order(), observed, order);
  const auto old = static_cast<std::size_t>(at.node(number).left);
  at.split(number, input, by.threshold, unit);
  for (const auto& [slot, weights, part] : {std::tuple{old, left, 0}, std::tuple{unit, right, 1}}) {
    tree_leaf made{at.leaf(slot), layout_};
    made.clear(seed_of(seed, static_cast<std::size_t>(part)));
    for (const auto c : std::span{order, observed})
      if (!std::isnan(weights[c]))
        made.add(c, weights[c]);
    made.own().last_attempt = made.total();
  }
}

} // namespace weir::models::online
