#include "models/trees/boosting.hpp"

#include "models/class_weight.hpp"
#include "models/seeds.hpp"
#include "models/share_out.hpp"
#include "models/tree_walk.hpp"
#include "models/trees/tree_grower.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

namespace weir::models {

namespace {

using core::fail;

enum class loss_function : std::uint8_t { squared_error, absolute_error, poisson, log_loss };

/// Bounds what a slip in an option can ask for.
constexpr std::size_t max_trees = 100'000;

/// Below this sum of second derivatives a leaf says nothing (as in LightGBM and scikit-learn).
constexpr double least_hessian = 1e-3;

core::result<void> check_options(const boosting_options& options, std::size_t features) {
  if (options.max_iter == 0 || options.max_iter > max_trees)
    return fail("max_iter must be from 1 to " + std::to_string(max_trees));
  if (!(options.learning_rate > 0) || options.learning_rate > 1e3)
    return fail("learning_rate must be above 0");
  if (options.max_leaf_nodes == 1)
    return fail("max_leaf_nodes must be at least 2, or 0 for no limit");
  if (options.min_samples_leaf == 0)
    return fail("min_samples_leaf must be at least 1");
  if (!(options.l2_regularization >= 0))
    return fail("l2_regularization must not be negative");
  if (!(options.max_features > 0 && options.max_features <= 1))
    return fail("max_features must be above 0 and at most 1");
  if (options.max_bins < 2 || options.max_bins > binned_features::max_bins)
    return fail("max_bins must be from 2 to " + std::to_string(binned_features::max_bins));
  if (!options.monotonic_cst.empty() && options.monotonic_cst.size() != features)
    return fail("monotonic_cst has " + std::to_string(options.monotonic_cst.size()) + " numbers for "
                + std::to_string(features) + " features");
  if (!(options.validation_fraction > 0 && options.validation_fraction < 1))
    return fail("validation_fraction must be between 0 and 1");
  return {};
}

core::result<loss_function> read_loss(const boosting_options& options, const training_data& data) {
  const auto is_classifier = data.labels != nullptr;
  const auto name = options.loss.empty() ? std::string{is_classifier ? "log_loss" : "squared_error"} : options.loss;
  if (is_classifier)
    return name == "log_loss" ? core::result<loss_function>{loss_function::log_loss}
                              : fail("the loss of classes is log_loss, not '" + name + "'");
  if (name == "squared_error")
    return loss_function::squared_error;
  if (name == "absolute_error")
    return loss_function::absolute_error;
  if (name != "poisson")
    return fail("loss must be squared_error, absolute_error or poisson, not '" + name + "'");
  if (std::any_of(data.target.begin(), data.target.end(), [](double y) { return y < 0; })
      || std::all_of(data.target.begin(), data.target.end(), [](double y) { return y == 0; }))
    return fail("poisson learns targets that are not negative, and not all 0");
  return loss_function::poisson;
}

double logistic(double x) noexcept {
  return 1 / (1 + std::exp(-x));
}

/// The middle of some values, by their weights.
double median(std::vector<std::pair<double, double>>& values) {
  std::sort(values.begin(), values.end());
  double half = 0;
  for (const auto& [value, weight] : values)
    half += weight / 2;
  double sum = 0;
  for (const auto& [value, weight] : values)
    if ((sum += weight) >= half)
      return value;
  return 0;
}

/// Rows that a category must have in a node to be told from others (as in scikit-learn).
constexpr double category_support = 10;

class boosting {
public:
  boosting(const training_data& data, const boosting_options& options, loss_function loss,
           std::vector<double> weights) :
      data_{data},
      options_{options}, loss_{loss}, weights_{std::move(weights)}, threads_{threads_for(options.threads)},
      bins_{bins_of(data, options.max_bins, threads_)} {
    const auto classes = data.labels == nullptr ? std::size_t{0} : size_of(*data.labels);
    outputs_ = classes > 2 ? classes : 1;
    how_.max_depth = options.max_depth;
    how_.max_leaf_nodes = options.max_leaf_nodes;
    how_.min_samples_leaf = options.min_samples_leaf;
    how_.min_weight_leaf = least_hessian;
    how_.l2 = options.l2_regularization;
    how_.monotonic = options.monotonic_cst;
    how_.categorical = categorical_features(data);
    how_.category_support = category_support;
    if (options.max_features < 1)
      how_.features_of_split = std::max<std::size_t>(
          1, static_cast<std::size_t>(options.max_features * static_cast<double>(features_.features())));
    hold_rows_out();
  }

  trained_boosting run() {
    find_bases();
    scores_.resize(outputs_);
    for (std::size_t k = 0; k < outputs_; ++k)
      scores_[k].assign(data_.rows(), bases_[k]);
    made_.trees.trees.features = features_.features();
    made_.trees.trees.outputs = outputs_;
    made_.trees.importances.resize(features_.features());
    std::vector<tree_grower<gradient_sums>> growers;
    for (std::size_t k = 0; k < std::min(threads_, outputs_); ++k)
      growers.emplace_back(features_, how_, gradient_sums{options_.l2_regularization});
    for (std::size_t i = 0; i < options_.max_iter && !has_converged(); ++i)
      add_trees(i, growers);
    auto& importances = made_.trees.importances;
    const auto all = std::accumulate(importances.begin(), importances.end(), 0.0);
    for (auto& one : importances)
      one = all > 0 ? one / all : 0;
    made_.bases = bases_;
    return std::move(made_);
  }

private:
  double weight(std::size_t row) const noexcept { return weights_.empty() ? 1 : weights_[row]; }

  /// Rows that only tell when to end.
  void hold_rows_out() {
    std::vector<bool> is_held(data_.rows());
    if (options_.n_iter_no_change > 0) {
      std::mt19937_64 random{seed_of(options_.random_state, max_trees)};
      const auto bound = options_.validation_fraction * 4294967296.0;
      for (std::size_t i = 0; i < data_.rows(); ++i)
        is_held[i] = static_cast<double>(random() >> 32) < bound;
    }
    for (std::uint32_t i = 0; i < data_.rows(); ++i)
      if (is_held[i])
        held_.push_back(i);
      else if (weight(i) > 0)
        rows_.push_back(i);
    if (rows_.empty())
      std::swap(rows_, held_);
  }

  void find_bases() {
    bases_.assign(outputs_, 0);
    std::vector<double> sums(std::max<std::size_t>(outputs_, 2), 0);
    double all = 0, sum = 0;
    for (const auto i : rows_) {
      const auto w = weight(i);
      all += w;
      sum += w * data_.target[i];
      if (loss_ == loss_function::log_loss)
        sums[static_cast<std::size_t>(data_.target[i])] += w;
    }
    const auto least = 1e-12 * all;
    switch (loss_) {
    case loss_function::squared_error: bases_[0] = sum / all; break;
    case loss_function::poisson: bases_[0] = std::log(std::max(sum, least) / all); break;
    case loss_function::absolute_error: {
      std::vector<std::pair<double, double>> values;
      for (const auto i : rows_)
        values.emplace_back(data_.target[i], weight(i));
      bases_[0] = median(values);
      break;
    }
    case loss_function::log_loss:
      if (outputs_ == 1)
        bases_[0] = std::log(std::max(sums[1], least) / std::max(sums[0], least));
      else
        for (std::size_t k = 0; k < outputs_; ++k)
          bases_[k] = std::log(std::max(sums[k], least) / all);
    }
  }

  /// The loss falls along `sum / weight` (Newton's step).
  row_gradient gradient_of(std::uint32_t i, std::size_t k, const std::vector<double>& shares) const {
    const auto w = weight(i);
    const auto y = data_.target[i];
    const auto score = scores_[k][i];
    const auto made = [w](double sum, double weight) {
      return row_gradient{static_cast<float>(w * sum), static_cast<float>(w * weight)};
    };
    switch (loss_) {
    case loss_function::squared_error: return made(y - score, 1);
    case loss_function::absolute_error: return made(y > score ? 1 : y < score ? -1 : 0, 1);
    case loss_function::poisson: return made(y - std::exp(score), std::exp(score));
    case loss_function::log_loss: break;
    }
    const auto p = outputs_ == 1 ? logistic(score) : shares[i];
    const auto is_class = outputs_ == 1 ? y == 1 : y == static_cast<double>(k);
    return made((is_class ? 1 : 0) - p, std::max(p * (1 - p), 1e-16));
  }

  /// Of several classes: what each row gives one of them.
  std::vector<double> shares_of(std::size_t k, const std::vector<double>& norms) const {
    std::vector<double> shares(data_.rows());
    for (const auto i : rows_)
      shares[i] = std::exp(scores_[k][i] - norms[i]);
    return shares;
  }

  std::vector<double> log_sums() const {
    std::vector<double> norms(data_.rows());
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      auto most = scores_[0][i];
      for (const auto& one : scores_)
        most = std::max(most, one[i]);
      double sum = 0;
      for (const auto& one : scores_)
        sum += std::exp(one[i] - most);
      norms[i] = most + std::log(sum);
    }
    return norms;
  }

  /// One tree for each output.
  void add_trees(std::size_t iteration, std::vector<tree_grower<gradient_sums>>& growers) {
    const auto norms = outputs_ > 1 ? log_sums() : std::vector<double>{};
    std::vector<grown_tree> grown(outputs_);
    std::atomic<std::size_t> next_grower{0};
    share_out(outputs_, growers.size(), [&] {
      auto& grower = growers[next_grower.fetch_add(1)];
      return [&](std::size_t k) {
        const auto shares = outputs_ > 1 ? shares_of(k, norms) : std::vector<double>{};
        std::vector<row_gradient> gradients(data_.rows());
        for (const auto i : rows_)
          gradients[i] = gradient_of(i, k, shares);
        auto order = rows_;
        grown[k] = grower.grow(order, gradients, seed_of(options_.random_state, iteration * outputs_ + k));
        for (auto& leaf : grown[k].leaves)
          finish(leaf, k, order);
      };
    });
    for (std::size_t k = 0; k < outputs_; ++k)
      add(std::move(grown[k]), k);
  }

  /// The value that a leaf adds, and what its rows become.
  void finish(grown_tree::leaf& leaf, std::size_t k, const std::vector<std::uint32_t>& order) {
    auto value = leaf.values.front();
    if (loss_ == loss_function::absolute_error) {
      std::vector<std::pair<double, double>> rest;
      for (auto i = leaf.begin; i < leaf.end; ++i)
        rest.emplace_back(data_.target[order[i]] - scores_[k][order[i]], weight(order[i]));
      value = median(rest);
    }
    leaf.values = {static_cast<double>(static_cast<float>(value * options_.learning_rate))};
    for (auto i = leaf.begin; i < leaf.end; ++i)
      scores_[k][order[i]] += leaf.values.front();
  }

  void add(grown_tree tree, std::size_t k) {
    auto& into = made_.trees.trees;
    for (const auto i : held_)
      scores_[k][i] += tree.leaves[leaf_of(tree, i)].values.front();
    const auto first = static_cast<std::uint32_t>(into.leaves());
    for (auto& node : tree.nodes)
      node.leaf += node.is_leaf() ? first : 0;
    for (const auto& leaf : tree.leaves) {
      into.leaf_values.push_back({static_cast<std::uint32_t>(k), leaf.values.front()});
      into.leaf_begins.push_back(static_cast<std::uint32_t>(into.leaf_values.size()));
    }
    for (std::size_t f = 0; f < tree.importances.size(); ++f)
      made_.trees.importances[f] += tree.importances[f];
    add_nodes(tree, into);
  }

  /// Of bins alone a value that is in the bin.
  float value_of(std::size_t feature, std::uint32_t row) const {
    if (data_.bins == nullptr)
      return static_cast<float>(data_.features[feature][row]);
    const auto bin = features_.row(row)[feature];
    return bin == binned_features::missing ? std::numeric_limits<float>::quiet_NaN() : features_.highest(feature, bin);
  }

  std::uint32_t leaf_of(const grown_tree& tree, std::uint32_t row) const {
    const auto* at = tree.nodes.data();
    while (!at->is_leaf())
      at = tree.nodes.data() + (goes_left(tree.sets, *at, value_of(at->feature, row)) ? at->left : at->right);
    return at->leaf;
  }

  bool has_converged() {
    if (options_.n_iter_no_change == 0 || held_.empty())
      return false;
    const auto now = held_loss();
    if (now < best_loss_ - 1e-7) {
      best_loss_ = now;
      since_best_ = 0;
    } else {
      ++since_best_;
    }
    return since_best_ > options_.n_iter_no_change;
  }

  double held_loss() const {
    const auto norms = outputs_ > 1 ? log_sums() : std::vector<double>{};
    double sum = 0, all = 0;
    for (const auto i : held_) {
      const auto y = data_.target[i];
      const auto s = scores_[0][i];
      double one = 0;
      switch (loss_) {
      case loss_function::squared_error: one = (y - s) * (y - s); break;
      case loss_function::absolute_error: one = std::abs(y - s); break;
      case loss_function::poisson: one = std::exp(s) - y * s; break;
      case loss_function::log_loss:
        one = outputs_ == 1 ? std::log1p(std::exp(-std::abs(s))) + std::max(s, 0.0) - y * s
                            : norms[i] - scores_[static_cast<std::size_t>(y)][i];
      }
      sum += weight(i) * one;
      all += weight(i);
    }
    return all > 0 ? sum / all : 0;
  }

  const training_data& data_;
  const boosting_options& options_;
  loss_function loss_;
  std::vector<double> weights_; ///< empty: all are 1
  std::size_t threads_;
  std::shared_ptr<const binned_features> bins_;
  const binned_features& features_ = *bins_;
  growth how_;
  std::size_t outputs_ = 1;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> held_;
  std::vector<double> bases_;
  std::vector<std::vector<double>> scores_; ///< by output, of each row
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::size_t since_best_ = 0;
  trained_boosting made_;
};

} // namespace

core::result<trained_boosting> train_boosting(const training_data& data, const boosting_options& options) {
  if (auto good = check(data).and_then([&] { return check_options(options, data.feature_count()); }); !good)
    return tl::unexpected{good.error()};
  const auto loss = read_loss(options, data);
  if (!loss)
    return tl::unexpected{loss.error()};
  return weights_by_class(data, options.class_weight).map([&](std::vector<double> weights) {
    return boosting{data, options, *loss, std::move(weights)}.run();
  });
}

} // namespace weir::models
