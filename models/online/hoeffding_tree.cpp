#include "models/online/hoeffding_tree.hpp"

#include "models/online/hoeffding_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>
#include <utility>

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

struct suggestion {
  double merit = -infinity;
  std::int64_t input = -1; ///< -1: no split
  double threshold = 0;
};

class hoeffding_classifier final : public learner {
public:
  hoeffding_classifier(std::size_t inputs, class_list classes, const hoeffding_tree& how) :
      layout_{.inputs = inputs, .classes = classes.most(), .has_labels = !classes.is_given()},
      classes_{std::move(classes)}, how_{how} {}

  // one unit more than leaves, so that a row can always split one
  std::size_t first_size() const noexcept override { return layout_.bytes(std::min<std::size_t>(2, how_.max_leaves)); }
  std::size_t most_size() const noexcept override { return layout_.bytes(how_.max_leaves); }
  std::size_t scratch_size() const noexcept override { return 2 * layout_.inputs + 3 * layout_.classes; }
  bool tells_changes() const noexcept override { return true; }

  bool valid(std::span<const std::byte> state) const noexcept override { return is_tree(state, layout_); }

  progress run(std::span<std::byte> bytes, const example_block& block) const override {
    tree at{reinterpret_cast<double*>(bytes.data()), layout_, block.changed};
    const auto units = layout_.units(bytes.size());
    progress done;
    for (; done.rows < block.rows; ++done.rows) {
      const auto* row = block.inputs + done.rows * layout_.inputs;
      const auto label = block.labels[done.rows];
      if (at.leaves() >= units && units < how_.max_leaves) {
        done.wanted = layout_.bytes(units + 1);
        return done;
      }
      predict(at, row, block, done.rows);
      if (label.data() == nullptr)
        continue;
      ++(learn(at, row, label, block.scratch) ? done.learned : done.refused);
    }
    return done;
  }

private:
  /// A view of the state.
  struct tree {
    double* words;
    const tree_layout& layout;
    std::vector<state_range>* changed; ///< may be null

    tree_layout::head& head() noexcept { return *reinterpret_cast<tree_layout::head*>(words); }
    std::size_t leaves() noexcept { return static_cast<std::size_t>(head().nodes + 1) / 2; }
    class_list::slot& slot(std::size_t i) noexcept {
      return *reinterpret_cast<class_list::slot*>(words + layout.head_words + i * class_list::slot_words);
    }
    tree_layout::node& node(std::size_t i) noexcept {
      const auto begin = layout.unit_begin((i + 1) / 2) + (i + 1) % 2 * layout.node_words;
      return *reinterpret_cast<tree_layout::node*>(words + begin);
    }
    tree_leaf leaf(std::size_t i) noexcept { return {words + layout.unit_begin(i) + 2 * layout.node_words, layout}; }
    /// Notes what is written; in bytes, of words.
    void note(std::size_t begin, std::size_t count) {
      const state_range part{begin * 8, count * 8};
      if (changed != nullptr && (changed->empty() || changed->back() != part))
        changed->push_back(part);
    }
    void note_head() { note(0, layout.unit_begin(0)); }
    void note_leaf(std::size_t i) { note(layout.unit_begin(i) + 2 * layout.node_words, layout.leaf_words()); }
    void note_unit(std::size_t i) { note(layout.unit_begin(i), layout.unit_words()); }
    /// The unit of a node without its leaf.
    void note_node(std::size_t i) { note(layout.unit_begin((i + 1) / 2), 2 * layout.node_words); }

    /// The number of the node that is a row's leaf.
    std::size_t find(const double* row) noexcept {
      std::size_t number = 0;
      for (const auto* at = &node(0); at->input >= 0; at = &node(number))
        number = static_cast<std::size_t>(row[at->input] <= at->threshold ? at->left : at->right);
      return number;
    }
  };

  /// Votes of the classes with a weight; what stands in others means nothing. @returns the class with the most, the
  /// first that came of equal ones; none: there are none
  static std::size_t majority(tree_leaf& leaf, double* votes) noexcept {
    const auto total = leaf.total();
    for (const auto c : leaf.classes())
      votes[c] = total == 0 ? leaf.weights()[c] : leaf.weights()[c] * (1 / total);
    return best_of(leaf, votes);
  }

  std::size_t bayes(tree_leaf& leaf, const double* row, double* votes) const noexcept {
    const auto total = leaf.total();
    if (total == 0)
      return class_list::none;
    for (const auto c : leaf.classes()) {
      const auto weight = leaf.weights()[c];
      votes[c] = weight > 0 ? std::log(weight / total) : 0;
      if (weight > 0 && leaf.counts()[c] > 0)
        for (std::size_t i = 0; i < layout_.inputs; ++i)
          if (const auto log = log_density(leaf.inputs_of(c)[i], leaf.counts()[c], row[i]); log > -infinity)
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

  static std::size_t best_of(tree_leaf& leaf, const double* votes) noexcept {
    auto best = class_list::none;
    for (const auto c : leaf.classes())
      if (best == class_list::none || votes[c] > votes[best])
        best = c;
    return best;
  }

  std::size_t vote(tree_leaf& leaf, const double* row, double* votes) const noexcept {
    const auto& own = leaf.own();
    const bool is_bayes = own.is_active != 0
                          && (how_.leaves == leaf_prediction::nb
                              || (how_.leaves == leaf_prediction::nba && own.bayes_right >= own.majority_right));
    return is_bayes ? bayes(leaf, row, votes) : majority(leaf, votes);
  }

  std::string_view label_of(tree& at, std::size_t c) const noexcept {
    return classes_.is_given() ? classes_.given(c) : at.slot(c).label();
  }

  /// Of equal classes the first one is chosen: in the order of those given, or of their labels.
  bool is_before(tree& at, std::size_t a, std::size_t b) const noexcept {
    return classes_.is_given() ? a < b : at.slot(a).label() < at.slot(b).label();
  }

  void predict(tree& at, const double* row, const example_block& block, std::size_t i) const noexcept {
    block.chosen[i] = {};
    block.probabilities[i] = unknown;
    if (at.head().nodes == 0)
      return;
    auto leaf = at.leaf(static_cast<std::size_t>(at.node(at.find(row)).left));
    auto* const votes = block.scratch;
    auto best = vote(leaf, row, votes);
    if (best == class_list::none)
      return;
    for (const auto c : leaf.classes())
      if (votes[c] == votes[best] && is_before(at, c, best))
        best = c;
    block.chosen[i] = label_of(at, best);
    const bool is_binary = classes_.is_given() && classes_.most() == 2;
    const bool has_second = std::ranges::find(leaf.classes(), 1u) != leaf.classes().end();
    block.probabilities[i] = !is_binary ? votes[best] : has_second ? votes[1] : 0;
  }

  /// False, and nothing is learned: a number would not be finite, or the class is one too many.
  bool learn(tree& at, const double* row, std::string_view label, double* scratch) const {
    const auto c = classes_.index_of(label, static_cast<std::size_t>(at.head().classes),
                                     [&](std::size_t i) -> const class_list::slot& { return at.slot(i); });
    if (c >= classes_.most())
      return false;
    if (at.head().nodes == 0) {
      at.head().nodes = 1;
      at.node(0) = {.input = -1, .threshold = 0, .left = 0, .right = 0, .depth = 0};
      at.leaf(0).clear();
      at.note_head();
      at.note_unit(0);
    }
    const auto number = at.find(row);
    const auto& node = at.node(number);
    auto leaf = at.leaf(static_cast<std::size_t>(node.left));
    auto* const votes = scratch + 2 * layout_.inputs;
    const bool is_active = leaf.own().is_active != 0;
    const bool is_majority = is_active && (leaf.own().classes == 0 || majority(leaf, votes) == c);
    const bool is_bayes = is_active && bayes(leaf, row, votes) == c;
    at.note_leaf(static_cast<std::size_t>(node.left));
    if (is_active && !leaf.observe(c, row, scratch))
      return false;
    if (layout_.has_labels && c == at.head().classes) {
      at.slot(c).set(label);
      ++at.head().classes;
      at.note_head();
    }
    leaf.own().majority_right += is_majority ? 1 : 0;
    leaf.own().bayes_right += is_bayes ? 1 : 0;
    leaf.add(c, 1);
    if (!is_active)
      return true;
    if (how_.max_depth != 0 && node.depth >= how_.max_depth) {
      leaf.forget_inputs();
      leaf.own().is_active = 0;
    } else if (const auto weight = leaf.total(); weight - leaf.own().last_attempt >= how_.grace_period) {
      attempt_to_split(at, number, leaf, weight, votes);
    }
    return true;
  }

  void attempt_to_split(tree& at, std::size_t number, tree_leaf& leaf, double weight, double* scratch) const {
    leaf.own().last_attempt = weight;
    const auto classes = leaf.classes();
    if (std::ranges::count_if(classes, [&](auto c) { return leaf.weights()[c] != 0; }) < 2
        || at.leaves() >= how_.max_leaves)
      return;
    double most = 0;
    for (const auto c : classes)
      most = std::max(most, leaf.weights()[c]);
    // river takes a leaf out of use that is not worth a split, and takes it up again at once
    if (most / weight > max_share_to_split)
      return leaf.forget_inputs();
    suggestion best, second; // the best two, of equal ones the later
    for (std::size_t i = 0; i < layout_.inputs; ++i) {
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
      return;
    if (best.input < 0)
      return leaf.forget_inputs();
    split(at, number, leaf, best, scratch);
  }

  /// The best threshold for an input, by information gain.
  suggestion best_split(tree_leaf& leaf, std::size_t input, double* scratch) const noexcept {
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
  void split(tree& at, std::size_t number, tree_leaf& leaf, const suggestion& by, double* scratch) const {
    auto* const left = scratch;
    auto* const right = scratch + layout_.classes;
    auto* const order = reinterpret_cast<std::uint64_t*>(scratch + 2 * layout_.classes);
    divide(leaf, static_cast<std::size_t>(by.input), by.threshold, left, right);
    const auto observed = static_cast<std::size_t>(leaf.own().observed);
    std::copy_n(leaf.observed_order(), observed, order);
    auto& node = at.node(number);
    const auto old = node.left;
    const auto first = at.head().nodes;
    const auto next = at.leaves();
    at.head().nodes += 2;
    at.note_head();
    at.note_unit(next); // has both nodes, and the leaf of the right one
    at.note_node(number);
    node.input = by.input;
    node.threshold = by.threshold;
    node.left = first;
    node.right = first + 1;
    for (const auto& [child, slot, weights] : {std::tuple{first, old, left}, std::tuple{first + 1, next, right}}) {
      at.node(child) = {.input = -1, .threshold = 0, .left = slot, .right = 0, .depth = node.depth + 1};
      auto made = at.leaf(static_cast<std::size_t>(slot));
      made.clear();
      for (const auto c : std::span{order, observed})
        if (!std::isnan(weights[c]))
          made.add(c, weights[c]);
      made.own().last_attempt = made.total();
    }
  }

  tree_layout layout_;
  class_list classes_;
  hoeffding_tree how_;
};

} // namespace

learner_ptr hoeffding_tree_classifier(std::size_t inputs, class_list classes, const hoeffding_tree& how) {
  return std::make_shared<hoeffding_classifier>(inputs, std::move(classes), how);
}

} // namespace weir::models::online
