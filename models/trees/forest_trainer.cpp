#include "models/trees/forest_trainer.hpp"

#include "core/base/read_number.hpp"
#include "models/class_weight.hpp"
#include "models/seeds.hpp"
#include "models/share_out.hpp"
#include "models/trees/tree_grower.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

namespace weir::models {

namespace {

using core::fail;

/// Bounds what a slip in an option can ask for.
constexpr std::size_t max_trees = 100'000;

core::result<void> check_options(const forest_options& options) {
  if (options.n_estimators == 0 || options.n_estimators > max_trees)
    return fail("n_estimators must be from 1 to " + std::to_string(max_trees));
  if (options.min_samples_leaf == 0)
    return fail("min_samples_leaf must be at least 1");
  if (options.min_samples_split < 2)
    return fail("min_samples_split must be at least 2");
  if (options.max_leaf_nodes == 1)
    return fail("max_leaf_nodes must be at least 2, or 0 for no limit");
  if (options.max_bins < 2 || options.max_bins > binned_features::max_bins)
    return fail("max_bins must be from 2 to " + std::to_string(binned_features::max_bins));
  return {};
}

core::result<std::size_t> features_of_split(const forest_options& options, std::size_t features, bool is_classifier) {
  const auto count = static_cast<double>(features);
  const auto text = options.max_features.empty() ? std::string{is_classifier ? "sqrt" : "1"} : options.max_features;
  const auto at_least_one = [](double n) { return std::max<std::size_t>(1, static_cast<std::size_t>(n)); };
  if (text == "sqrt")
    return at_least_one(std::sqrt(count));
  if (text == "log2")
    return at_least_one(std::log2(count));
  const auto share = core::read_number<double>(text);
  if (!share || !(*share > 0 && *share <= 1))
    return fail("max_features must be above 0 and at most 1, 'sqrt' or 'log2'");
  return at_least_one(*share * count);
}

/// How often each row was drawn, as often as its weight is large: 0 for one that was not. Without a bootstrap its
/// weight.
/// @param weights empty: all are 1
std::vector<float> draw(std::size_t rows, const std::vector<double>& weights, bool bootstrap, std::uint64_t seed) {
  if (!bootstrap)
    return weights.empty() ? std::vector<float>(rows, 1) : std::vector<float>{weights.begin(), weights.end()};
  std::vector<float> made(rows);
  std::mt19937_64 random{seed};
  if (weights.empty()) {
    for (std::size_t i = 0; i < rows; ++i)
      ++made[static_cast<std::size_t>((random() >> 32) * rows >> 32)];
    return made;
  }
  std::vector<double> sums(rows);
  std::partial_sum(weights.begin(), weights.end(), sums.begin());
  // the last row with a weight, where the product is rounded up to the whole sum
  const auto last = std::lower_bound(sums.begin(), sums.end(), sums.back());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto at = static_cast<double>(random() >> 11) * 0x1p-53 * sums.back();
    ++made[static_cast<std::size_t>(std::min(std::upper_bound(sums.begin(), sums.end(), at), last) - sums.begin())];
  }
  return made;
}

std::vector<std::uint32_t> rows_with_weight(const std::vector<float>& weights) {
  std::vector<std::uint32_t> rows;
  rows.reserve(weights.size());
  for (std::uint32_t i = 0; i < weights.size(); ++i)
    if (weights[i] > 0)
      rows.push_back(i);
  return rows;
}

class forest_training {
public:
  forest_training(const training_data& data, const forest_options& options, std::size_t of_split,
                  std::vector<double> weights) :
      data_{data},
      options_{options}, weights_{std::move(weights)}, threads_{threads_for(options.threads)},
      classes_{data.labels == nullptr ? 0 : size_of(*data.labels)}, bins_{bins_of(data, options.max_bins, threads_)} {
    how_.max_depth = options.max_depth;
    how_.max_leaf_nodes = options.max_leaf_nodes;
    how_.min_samples_split = options.min_samples_split;
    how_.min_samples_leaf = options.min_samples_leaf;
    how_.features_of_split = of_split;
    how_.random_thresholds = options.random_thresholds;
  }

  trained_trees run() {
    std::vector<grown_tree> grown(options_.n_estimators);
    if (classes_ > 2)
      grow_classes(grown);
    else
      grow_means(grown);
    trained_trees made;
    made.trees.features = features_.features();
    made.trees.outputs = classes_ > 2 ? classes_ : 1;
    made.importances.resize(features_.features());
    for (auto& tree : grown)
      add(std::move(tree), made);
    const auto all = std::accumulate(made.importances.begin(), made.importances.end(), 0.0);
    for (auto& one : made.importances)
      one = all > 0 ? one / all : 0;
    return made;
  }

private:
  /// Sums of squares stay exact around the mean.
  void grow_means(std::vector<grown_tree>& into) {
    double sum = 0, all = 0;
    for (std::size_t i = 0; i < data_.rows(); ++i) {
      sum += data_.weight(i) * data_.target[i];
      all += data_.weight(i);
    }
    mean_ = classes_ > 0 ? 0 : sum / all;
    share_out(into.size(), threads_, [&] {
      return [&, grower = tree_grower<gradient_sums>{features_, how_, {}},
              of = std::vector<row_gradient>(data_.rows())](std::size_t t) mutable {
        const auto seed = seed_of(options_.random_state, t);
        const auto weights = draw(data_.rows(), weights_, options_.bootstrap, seed);
        for (std::size_t i = 0; i < of.size(); ++i)
          of[i] = {static_cast<float>((data_.target[i] - mean_) * static_cast<double>(weights[i])), weights[i]};
        auto rows = rows_with_weight(weights);
        into[t] = grower.grow(rows, of, seed);
      };
    });
  }

  void grow_classes(std::vector<grown_tree>& into) {
    share_out(into.size(), threads_, [&] {
      return [&, grower = tree_grower<class_sums>{features_, how_, {classes_}},
              of = std::vector<row_class>(data_.rows())](std::size_t t) mutable {
        const auto seed = seed_of(options_.random_state, t);
        const auto weights = draw(data_.rows(), weights_, options_.bootstrap, seed);
        for (std::size_t i = 0; i < of.size(); ++i)
          of[i] = {static_cast<std::uint32_t>(data_.target[i]), weights[i]};
        auto rows = rows_with_weight(weights);
        into[t] = grower.grow(rows, of, seed);
      };
    });
  }

  void add(grown_tree tree, trained_trees& into) const {
    const auto count = static_cast<double>(options_.n_estimators);
    const auto first = static_cast<std::uint32_t>(into.trees.leaves());
    for (auto& node : tree.nodes)
      node.leaf += node.is_leaf() ? first : 0;
    for (auto& leaf : tree.leaves) {
      for (auto& value : leaf.values)
        value = static_cast<double>(static_cast<float>((mean_ + value) / count));
      into.trees.add_leaf(leaf.values);
    }
    for (std::size_t f = 0; f < tree.importances.size(); ++f)
      into.importances[f] += tree.importances[f];
    add_nodes(tree, into.trees);
  }

  const training_data& data_;
  const forest_options& options_;
  std::vector<double> weights_; ///< empty: all are 1
  std::size_t threads_;
  std::size_t classes_;
  std::shared_ptr<const binned_features> bins_;
  const binned_features& features_ = *bins_;
  growth how_;
  double mean_ = 0;
};

} // namespace

core::result<trained_trees> train_forest(const training_data& data, const forest_options& options) {
  if (auto good = check(data).and_then([&] { return check_options(options); }); !good)
    return tl::unexpected{good.error()};
  const auto of_split = features_of_split(options, data.feature_count(), data.labels != nullptr);
  if (!of_split)
    return tl::unexpected{of_split.error()};
  return weights_by_class(data, options.class_weight).map([&](std::vector<double> weights) {
    return forest_training{data, options, *of_split, std::move(weights)}.run();
  });
}

} // namespace weir::models
