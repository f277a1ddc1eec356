// What a row through a forest costs: 100 trees of depth 10 over random splits. Run: build/release/bench/forest_bench

#include "models/forest.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

namespace {

using namespace weir::models;

constexpr std::size_t features = 9;

decision_tree random_tree(std::mt19937_64& random, std::uint32_t levels, tree_ensemble& of) {
  decision_tree tree;
  std::uniform_real_distribution<float> value{0, 1};
  for (std::uint32_t i = 0; i < (2u << levels) - 1; ++i) {
    tree_node node;
    if (2 * i + 2 < (2u << levels) - 1) {
      node.threshold = static_cast<double>(value(random));
      node.feature = static_cast<std::uint32_t>(random() % features);
      node.left = 2 * i + 1;
      node.right = 2 * i + 2;
    } else {
      node.leaf = of.add_leaf(std::array{static_cast<double>(value(random))});
    }
    tree.push_back(node);
  }
  return tree;
}

tree_ensemble random_ensemble() {
  std::mt19937_64 random{1};
  tree_ensemble made;
  made.features = features;
  for (int i = 0; i < 100; ++i)
    made.trees.push_back(random_tree(random, 10, made));
  return made;
}

/// Values that spread over all leaves: each near one of the thresholds of its feature.
std::vector<float> make_rows(const tree_ensemble& of, std::size_t rows) {
  std::mt19937_64 random{2};
  std::vector<std::vector<float>> thresholds(of.features, {0.f});
  for (const auto& tree : of.trees)
    for (const auto& node : tree)
      if (!node.is_leaf())
        thresholds[node.feature].push_back(static_cast<float>(node.threshold));
  std::vector<float> columns;
  for (const auto& all : thresholds)
    for (std::size_t r = 0; r < rows; ++r)
      columns.push_back(all[random() % all.size()] + static_cast<float>(random() % 3) - 1);
  return columns;
}

void score(benchmark::State& state, const walk::functions& walk) {
  static const auto ensemble = random_ensemble();
  static const auto trees = *forest::make(ensemble);
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto all = std::max<std::size_t>(rows, 20'000) / rows * rows;
  static const auto columns = make_rows(ensemble, 40'000);
  std::vector<double> sums(rows);
  auto* into = sums.data();
  std::array<const float*, features> at;
  std::size_t begin = 0;
  for (auto _ : state) {
    for (std::size_t f = 0; f < features; ++f)
      at[f] = columns.data() + f * 40'000 + begin;
    trees.predict(at.data(), rows, &into, walk);
    benchmark::DoNotOptimize(sums.data());
    begin = begin + 2 * rows <= all ? begin + rows : 0;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["ns/row"] = benchmark::Counter(static_cast<double>(state.iterations() * state.range(0)) / 1e9,
                                                benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["KiB"] = static_cast<double>(trees.footprint() / 1024);
}

void fastest(benchmark::State& state) {
  score(state, walk::choose());
}
void portable(benchmark::State& state) {
  score(state, walk::portable());
}

BENCHMARK(fastest)->Arg(1)->Arg(64)->Arg(1000)->Arg(10'000);
BENCHMARK(portable)->Arg(64)->Arg(1000);

} // namespace

BENCHMARK_MAIN();
