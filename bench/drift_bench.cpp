// What a value costs that is watched for drift, by each detector, the sketch of quantiles and the monitor of a column;
// and what a verdict costs. Run: build/release/bench/drift_bench

#include "core/drift/adwin.hpp"
#include "core/drift/column_monitor.hpp"
#include "core/drift/ddm.hpp"
#include "core/drift/eddm.hpp"
#include "core/drift/hddm_a.hpp"
#include "core/drift/hddm_w.hpp"
#include "core/drift/kswin.hpp"
#include "core/drift/page_hinkley.hpp"

#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace weir::core;

constexpr std::size_t size = 1 << 16;

std::vector<double> numbers() {
  std::mt19937_64 random{1};
  std::normal_distribution<double> normal;
  std::vector<double> made(size);
  for (auto& value : made)
    value = normal(random);
  return made;
}

std::vector<double> errors() {
  auto made = numbers();
  for (auto& value : made)
    value = value > 1.28 ? 1 : 0;
  return made;
}

/// `ns_value` is the figure.
void say(benchmark::State& state) {
  state.counters["ns_value"] = benchmark::Counter(
      static_cast<double>(size) / 1e9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

template <class Detector, class Options>
void detector(benchmark::State& state) {
  const bool is_for_numbers = std::is_same_v<Detector, page_hinkley> || std::is_same_v<Detector, kswin>;
  const auto values = is_for_numbers || std::is_same_v<Detector, adwin> ? numbers() : errors();
  Detector watched{};
  for (auto _ : state)
    for (const auto value : values) {
      if constexpr (std::is_same_v<Detector, eddm>)
        benchmark::DoNotOptimize(watched.add(value != 0, Options{}));
      else
        benchmark::DoNotOptimize(watched.add(value, Options{}));
    }
  say(state);
}

void sketch(benchmark::State& state) {
  const auto values = numbers();
  quantile_sketch watched{};
  for (auto _ : state)
    for (const auto value : values)
      watched.add(value);
  benchmark::DoNotOptimize(watched.count());
  say(state);
}

void column_of_numbers(benchmark::State& state) {
  const auto values = numbers();
  const monitor_options options{.has_sketch = state.range(0) != 0};
  number_monitor watched{};
  for (auto _ : state)
    watched.add(values, options);
  benchmark::DoNotOptimize(watched.records());
  say(state);
}

void column_of_texts(benchmark::State& state) {
  std::mt19937_64 random{1};
  std::geometric_distribution<int> draw{0.1};
  std::vector<std::string> texts(size);
  for (auto& text : texts)
    text = "category " + std::to_string(draw(random));
  category_monitor watched{};
  for (auto _ : state)
    for (const auto& text : texts)
      watched.add(text, {});
  benchmark::DoNotOptimize(watched.records());
  say(state);
}

void verdict(benchmark::State& state) {
  auto watched = column_monitor::of_numbers({});
  for (int i = 0; i < 4; ++i)
    watched.numbers()->add(numbers(), watched.options());
  for (auto _ : state)
    benchmark::DoNotOptimize(watched.verdict(default_number_methods, default_alpha));
}

BENCHMARK(detector<adwin, adwin_options>)->Name("adwin");
BENCHMARK(detector<ddm, ddm_options>)->Name("ddm");
BENCHMARK(detector<eddm, eddm_options>)->Name("eddm");
BENCHMARK(detector<hddm_a, hddm_a_options>)->Name("hddm_a");
BENCHMARK(detector<hddm_w, hddm_w_options>)->Name("hddm_w");
BENCHMARK(detector<page_hinkley, page_hinkley_options>)->Name("page_hinkley");
BENCHMARK(detector<kswin, kswin_options>)->Name("kswin");
BENCHMARK(sketch)->Name("quantile_sketch");
BENCHMARK(column_of_numbers)->Name("column of numbers")->ArgName("sketch")->Arg(1)->Arg(0);
BENCHMARK(column_of_texts)->Name("column of texts");
BENCHMARK(verdict)->Name("verdict of numbers");

} // namespace

BENCHMARK_MAIN();
