#include "models/trees/isolation_forest.hpp"

#include "models/seeds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace weir::models {

namespace {

using core::fail;

/// Bounds what a slip in an option can ask for.
constexpr std::size_t max_trees = 100'000;

/// Grows one tree after the other over samples of the rows.
class isolation_grower {
public:
  isolation_grower(const training_data& data, const isolation_options& options, std::size_t samples) :
      data_{data}, samples_{samples}, depth_{static_cast<std::size_t>(
                                          std::ceil(std::log2(std::max<double>(static_cast<double>(samples), 2))))},
      share_{1 / static_cast<double>(options.n_estimators)}, rows_(data.rows()) {
    std::iota(rows_.begin(), rows_.end(), 0u);
    made_.features = data.features.size();
  }

  void grow(std::uint64_t seed) {
    random_.seed(seed);
    // the first `samples_` of a shuffle
    for (std::size_t i = 0; i < samples_; ++i)
      std::swap(rows_[i], rows_[i + below(rows_.size() - i)]);
    tree_.assign(1, {});
    split(0, 0, samples_, 0);
    made_.trees.push_back(tree_);
  }

  tree_ensemble take() { return std::move(made_); }

private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>((random_() >> 32) * bound >> 32); }

  void split(std::uint32_t at, std::size_t begin, std::size_t end, std::size_t depth) {
    const auto found =
        depth < depth_ && end - begin > 1 ? draw_split(begin, end) : std::pair{data_.features.size(), 0.f};
    if (found.first == data_.features.size()) {
      const auto path = static_cast<double>(depth) + mean_path(end - begin);
      tree_[at].leaf = made_.add_leaf(std::array{static_cast<double>(static_cast<float>(path * share_))});
      return;
    }
    const auto& values = data_.features[found.first];
    const auto middle = static_cast<std::size_t>(
        std::partition(rows_.begin() + static_cast<std::ptrdiff_t>(begin),
                       rows_.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](std::uint32_t row) { return static_cast<float>(values[row]) <= found.second; })
        - rows_.begin());
    const auto left = static_cast<std::uint32_t>(tree_.size());
    tree_.resize(tree_.size() + 2);
    tree_[at].feature = static_cast<std::uint32_t>(found.first);
    tree_[at].threshold = static_cast<double>(found.second);
    tree_[at].left = left;
    tree_[at].right = left + 1;
    split(left, begin, middle, depth + 1);
    split(left + 1, middle, end, depth + 1);
  }

  /// A feature that is not the same in all of these rows, and a number between its least and its largest value; as many
  /// as there are features where there is none.
  std::pair<std::size_t, float> draw_split(std::size_t begin, std::size_t end) {
    order_.resize(data_.features.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    for (std::size_t i = 0; i < order_.size(); ++i) {
      std::swap(order_[i], order_[i + below(order_.size() - i)]);
      const auto& values = data_.features[order_[i]];
      auto lowest = static_cast<float>(values[rows_[begin]]);
      auto highest = lowest;
      for (auto k = begin + 1; k < end; ++k) {
        const auto value = static_cast<float>(values[rows_[k]]);
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
      }
      if (!(lowest < highest))
        continue;
      const auto share = static_cast<double>(random_() >> 11) * 0x1p-53;
      const auto threshold = static_cast<float>(static_cast<double>(lowest)
                                                + share * (static_cast<double>(highest) - static_cast<double>(lowest)));
      return {order_[i], threshold < highest ? threshold : lowest};
    }
    return {data_.features.size(), 0.f};
  }

  const training_data& data_;
  std::size_t samples_;
  std::size_t depth_;
  double share_;
  std::mt19937_64 random_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::size_t> order_;
  decision_tree tree_;
  tree_ensemble made_;
};

} // namespace

double mean_path(std::size_t rows) noexcept {
  if (rows < 2)
    return 0;
  if (rows == 2)
    return 1;
  const auto n = static_cast<double>(rows);
  constexpr double euler = 0.5772156649015329;
  return 2 * (std::log(n - 1) + euler) - 2 * (n - 1) / n;
}

core::result<isolation_trees> train_isolation_forest(const training_data& data, const isolation_options& options) {
  if (auto good = check(data).and_then([&] { return check_nothing_is_missing(data); }); !good)
    return tl::unexpected{good.error()};
  if (options.n_estimators == 0 || options.n_estimators > max_trees)
    return fail("n_estimators must be from 1 to " + std::to_string(max_trees));
  if (options.max_samples == 0)
    return fail("max_samples must be at least 1");
  if (!data.weights.empty())
    return fail("an isolation forest takes no weights of rows", {}, "leave them out");
  const auto samples = std::min(options.max_samples, data.rows());
  isolation_grower grower{data, options, samples};
  for (std::size_t t = 0; t < options.n_estimators; ++t)
    grower.grow(seed_of(options.random_state, t));
  // a single row is like itself
  return isolation_trees{grower.take(), samples < 2 ? 1 : mean_path(samples)};
}

} // namespace weir::models
