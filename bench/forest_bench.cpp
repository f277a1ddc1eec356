// What a row through a forest costs. WEIR_MODEL names an ONNX file; without it a forest of 100 trees of depth 10 is
// made over random splits. Run: build/release/bench/forest_bench

#include "models/forest.hpp"
#include "models/onnx/reader.hpp"
#include "models/tree_model.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

namespace {

using namespace weir::models;

constexpr std::size_t features = 9;

decision_tree random_tree(std::mt19937_64& random, std::uint32_t levels, std::vector<float>& leaf_values) {
  decision_tree tree;
  std::uniform_real_distribution<float> value{0, 1};
  for (std::uint32_t i = 0; i < (2u << levels) - 1; ++i) {
    tree_node node;
    if (2 * i + 2 < (2u << levels) - 1) {
      node = {value(random), static_cast<std::uint32_t>(random() % features), 2 * i + 1, 2 * i + 2, 0, false};
    } else {
      node.leaf = static_cast<std::uint32_t>(leaf_values.size());
      leaf_values.push_back(value(random));
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
    made.trees.push_back(random_tree(random, 10, made.leaf_values));
  return made;
}

tree_ensemble load() {
  const auto* path = std::getenv("WEIR_MODEL");
  if (path == nullptr)
    return random_ensemble();
  std::ifstream file{path, std::ios::binary};
  std::stringstream bytes;
  bytes << file.rdbuf();
  const auto model = read_onnx(bytes.str());
  const auto* trees = model ? dynamic_cast<const tree_model*>(model->get()) : nullptr;
  if (trees == nullptr) {
    std::fprintf(stderr, "%s: %s\n", path, model ? "it has no trees" : model.error().text().c_str());
    std::exit(1);
  }
  return trees->ensemble;
}

/// Values that spread over all leaves: each near one of the thresholds of its feature.
std::vector<float> make_rows(const tree_ensemble& of, std::size_t rows) {
  std::mt19937_64 random{2};
  std::vector<std::vector<float>> thresholds(of.features, {0.f});
  for (const auto& tree : of.trees)
    for (const auto& node : tree)
      if (!node.is_leaf())
        thresholds[node.feature].push_back(node.threshold);
  std::vector<float> columns;
  for (const auto& all : thresholds)
    for (std::size_t r = 0; r < rows; ++r)
      columns.push_back(all[random() % all.size()] + static_cast<float>(random() % 3) - 1);
  return columns;
}

void score(benchmark::State& state, const walk::functions& walk) {
  static const auto ensemble = load();
  static const auto trees = *forest::make(ensemble);
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto all = std::max<std::size_t>(rows, 20'000) / rows * rows;
  static const auto columns = make_rows(ensemble, 40'000);
  std::vector<double> sums(rows * trees.outputs());
  std::size_t begin = 0;
  for (auto _ : state) {
    trees.predict(columns.data() + begin, 40'000, rows, sums.data(), walk);
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
