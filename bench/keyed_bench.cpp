// What keyed state costs: `keyed_bench`. Each iteration is one batch of 4,096 records; `ns_record` is the figure.

#include "core/cluster/panes.hpp"
#include "core/keyed/keyed_processor.hpp"
#include "core/keyed/rolling.hpp"
#include "models/detector.hpp"

#include <random>
#include <string>

#include <benchmark/benchmark.h>

namespace {

using namespace weir;

core::batch make_batch(std::mt19937& random, std::uint32_t keys) {
  constexpr std::size_t size = 4096;
  auto raw = std::make_shared<core::raw_block>();
  auto by = std::make_shared<core::column>();
  auto of = std::make_shared<core::column>();
  auto text = std::make_shared<std::string>();
  by->type = core::column_type::string;
  std::normal_distribution<double> normal{200, 50};
  for (std::size_t i = 0; i < size; ++i) {
    raw->append(static_cast<std::int64_t>(i), static_cast<std::int64_t>(i), nullptr, 0, "", 0);
    const auto digits = std::to_string(1'000'000 + random() % keys);
    *text += "C" + digits.substr(1);
    of->f64.push_back(normal(random));
  }
  core::batch b;
  for (core::row_index i = 0; i < size; ++i) {
    by->text.push_back(std::string_view{*text}.substr(i * 7, 7));
    if (random() % 100 < 88)
      b.rows.push_back(i);
  }
  by->arena = text;
  b.raw = std::move(raw);
  b.columns = {by, of};
  return b;
}

void count_records(benchmark::State& state, std::size_t records) {
  state.counters["ns_record"] =
      benchmark::Counter(static_cast<double>(records) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Eight lanes in turn, as a node with eight partitions has them.
void run(benchmark::State& state, const core::keyed_plan& plan, std::uint32_t keys) {
  std::mt19937 random{1};
  std::vector<core::batch> batches;
  std::vector<std::unique_ptr<core::keyed_processor>> lanes;
  for (int i = 0; i < 32; ++i)
    batches.push_back(make_batch(random, keys));
  for (int i = 0; i < 8; ++i)
    lanes.push_back(plan.make_processor('w'));
  std::size_t at = 0;
  std::size_t records = 0;
  for (auto _ : state) {
    auto b = batches[at++ % batches.size()];
    lanes[at % lanes.size()]->process(b);
    records += b.rows.size();
    benchmark::DoNotOptimize(b.columns.data());
  }
  state.counters["ns_record"] =
      benchmark::Counter(static_cast<double>(records) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

struct columns {
  core::layout layout;
  core::column_id by = layout.add({"CustomerID", core::column_type::string, true});
  core::column_id of = layout.add({"Amount", core::column_type::float64, true});
};

// The windows and detectors of job A.
bool add_reference_job(core::keyed_plan& plan, columns& c) {
  return plan.add(c.layout, {.run = core::make_rolling_by_count(core::statistic::mean, 20),
                             .of = c.of,
                             .by = c.by,
                             .value = "rolling_mean"})
         && plan.add(c.layout,
                     {.run = models::make_zscore({}), .of = c.of, .by = c.by, .value = "z", .flag = "anomaly"});
}

void rolling_mean_and_zscore(benchmark::State& state) {
  columns c;
  core::keyed_plan plan;
  if (!add_reference_job(plan, c))
    return state.SkipWithError("the plan was refused");
  run(state, plan, static_cast<std::uint32_t>(state.range(0)));
}
BENCHMARK(rolling_mean_and_zscore)->Arg(1250)->Arg(10'000)->Arg(100'000);

void rolling(benchmark::State& state, core::statistic what, std::uint32_t last, std::int64_t over) {
  columns c;
  core::keyed_plan plan;
  auto rolling = last != 0 ? core::make_rolling_by_count(what, last) : core::make_rolling_by_time(what, {over});
  if (!plan.add(c.layout, {.run = std::move(rolling), .of = c.of, .by = c.by, .value = "rolling"}))
    return state.SkipWithError("the plan was refused");
  run(state, plan, 1250);
}
BENCHMARK_CAPTURE(rolling, count, core::statistic::count, 20, 0);
BENCHMARK_CAPTURE(rolling, mean_of_20, core::statistic::mean, 20, 0);
BENCHMARK_CAPTURE(rolling, mean_of_1000, core::statistic::mean, 1000, 0);
BENCHMARK_CAPTURE(rolling, max_of_20, core::statistic::max, 20, 0);
BENCHMARK_CAPTURE(rolling, stddev_of_20, core::statistic::stddev, 20, 0);
BENCHMARK_CAPTURE(rolling, mean_over_time, core::statistic::mean, 0, 60'000);

void cluster_mean_over_time(benchmark::State& state) {
  columns c;
  core::pane_collector panes{{{"mean", core::statistic::mean, c.of, {}, {60'000, 0, 60}}}, c.layout, 4};
  std::mt19937 random{1};
  const auto batch = make_batch(random, 1250);
  std::size_t records = 0;
  for (auto _ : state) {
    auto b = batch;
    panes.process(b);
    records += b.rows.size();
  }
  count_records(state, records);
}
BENCHMARK(cluster_mean_over_time);

// What a barrier costs when all of a lane's keys have changed; `ns_record` is for each key.
void collecting_changes(benchmark::State& state) {
  columns c;
  core::keyed_plan plan;
  if (!add_reference_job(plan, c))
    return state.SkipWithError("the plan was refused");
  std::mt19937 random{1};
  const auto batch = make_batch(random, 1250);
  const auto lane = plan.make_processor('w');
  std::size_t keys = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto b = batch;
    lane->process(b);
    state.ResumeTiming();
    core::record_block changes;
    lane->collect_changes(changes);
    keys += changes.size();
  }
  count_records(state, keys);
}
BENCHMARK(collecting_changes);

} // namespace

BENCHMARK_MAIN();
