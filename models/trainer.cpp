#include "models/trainer.hpp"

#include "models/tree_grower.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <thread>

namespace weir::models {

namespace {

using core::fail;

/// Bounds what a slip in an option can ask for.
constexpr std::size_t max_trees = 100'000;

core::result<void> check_data(const training_data& data) {
  if (data.rows() == 0)
    return fail("there are no rows to learn from");
  if (data.rows() > std::numeric_limits<std::uint32_t>::max())
    return fail("there are too many rows");
  if (data.features.empty())
    return fail("there are no features to learn from");
  for (std::size_t r = 0; r < data.rows(); ++r)
    if (!std::isfinite(data.target[r]))
      return fail("the target of row " + std::to_string(r) + " is not finite", {}, "drop rows with missing values");
  for (std::size_t f = 0; f < data.features.size(); ++f) {
    const auto& values = data.features[f];
    if (values.size() != data.rows())
      return fail("feature " + std::to_string(f) + " has " + std::to_string(values.size()) + " values for "
                  + std::to_string(data.rows()) + " rows");
    const auto bad = std::find_if(values.begin(), values.end(), [](float x) { return !std::isfinite(x); });
    if (bad != values.end())
      return fail("feature " + std::to_string(f) + " of row " + std::to_string(bad - values.begin())
                      + " is not a finite float32",
                  {}, "drop rows with missing values");
  }
  return {};
}

core::result<void> check_options(const forest_options& options) {
  if (options.n_estimators == 0 || options.n_estimators > max_trees)
    return fail("n_estimators must be from 1 to " + std::to_string(max_trees));
  if (options.min_samples_leaf == 0)
    return fail("min_samples_leaf must be at least 1");
  if (options.min_samples_split < 2)
    return fail("min_samples_split must be at least 2");
  if (!(options.max_features > 0 && options.max_features <= 1))
    return fail("max_features must be above 0 and at most 1");
  return {};
}

/// Seeds of neighbouring trees and states have nothing in common (SplitMix64, Steele 2014).
std::uint64_t seed_of(std::uint64_t random_state, std::size_t tree) {
  auto z = random_state * 0xd1342543de82ef95 + (tree + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Calls `work(i)` for 0 <= i < count in some threads; each has its own `make_worker()`.
template <class MakeWorker>
void share_out(std::size_t count, std::size_t threads, const MakeWorker& make_worker) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> running;
  for (std::size_t t = 0; t < std::min(threads, count); ++t)
    running.emplace_back([&] {
      auto work = make_worker();
      for (auto i = next.fetch_add(1); i < count; i = next.fetch_add(1))
        work(i);
    });
}

} // namespace

core::result<tree_ensemble> train_forest(const training_data& data, const forest_options& options) {
  if (auto good = check_data(data).and_then([&] { return check_options(options); }); !good)
    return tl::unexpected{good.error()};
  const auto threads = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());

  std::vector<feature_bins> bins(data.features.size());
  share_out(bins.size(), threads,
            [&] { return [&](std::size_t f) { bins[f] = feature_bins::make(data.features[f]); }; });
  const auto mean = std::accumulate(data.target.begin(), data.target.end(), 0.0) / static_cast<double>(data.rows());
  auto centred = data.target;
  for (auto& y : centred)
    y -= mean;

  std::vector<tree_grower::grown_tree> grown(options.n_estimators);
  share_out(grown.size(), threads, [&] {
    return [&, grower = tree_grower{bins, centred, options}](std::size_t i) mutable {
      grown[i] = grower.grow(seed_of(options.random_state, i));
    };
  });

  tree_ensemble made;
  made.features = data.features.size();
  for (auto& tree : grown) {
    const auto first = static_cast<std::uint32_t>(made.leaf_values.size());
    for (auto& node : tree.nodes)
      node.leaf += node.is_leaf() ? first : 0;
    for (const auto leaf : tree.leaf_means)
      made.leaf_values.push_back(static_cast<float>((mean + leaf) / static_cast<double>(grown.size())));
    made.trees.push_back(std::move(tree.nodes));
  }
  return made;
}

} // namespace weir::models
