// What keyed state costs: `keyed_bench`. Each iteration is one batch of 4,096 records; `ns_record` is the figure.

#include "config/compile.hpp"
#include "config/parse.hpp"
#include "core/cluster/panes.hpp"
#include "core/keyed/keyed_processor.hpp"
#include "io/kinds.hpp"
#include "steps/kinds.hpp"

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
void run(benchmark::State& state, const config::lane_plan& plan, std::uint32_t keys) {
  std::mt19937 random{1};
  std::vector<core::batch> batches;
  config::operator_list lanes;
  for (int i = 0; i < 32; ++i)
    batches.push_back(make_batch(random, keys));
  for (int i = 0; i < 8; ++i)
    lanes.push_back(plan.make_operators().front().front());
  std::size_t at = 0;
  std::size_t records = 0;
  for (auto _ : state) {
    auto b = batches[at++ % batches.size()];
    records += b.rows.size();
    lanes[at % lanes.size()]->process(b);
    benchmark::DoNotOptimize(b.columns.data());
  }
  state.counters["ns_record"] =
      benchmark::Counter(static_cast<double>(records) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// The windows and detectors that `sections` of a pipeline file say, over CustomerID and Amount.
config::lane_plan plan_of(const std::string& sections) {
  const auto pipeline = config::parse_pipeline("name: bench\nsource: { file: in }\nsink: console\n"
                                               "schema: { CustomerID: string, Amount: double }\n"
                                                   + sections,
                                               "bench.yaml", io::catalogue(), config::environment::of_process());
  const auto plan = pipeline ? config::compile(*pipeline) : tl::unexpected{pipeline.error()};
  if (!plan)
    throw std::runtime_error{plan.error().front().text()};
  return *plan;
}

constexpr const char* reference_job = R"(
aggregate: [ { rolling: mean, of: Amount, by: CustomerID, last: 20, as: rolling_mean } ]
detect: [ { zscore: Amount, by: CustomerID, as: anomaly, score: z } ]
)";

void rolling_mean_and_zscore(benchmark::State& state) {
  run(state, plan_of(reference_job), static_cast<std::uint32_t>(state.range(0)));
}
BENCHMARK(rolling_mean_and_zscore)->Arg(1250)->Arg(10'000)->Arg(100'000);

void rolling(benchmark::State& state, const std::string& statistic, const std::string& window) {
  run(state,
      plan_of("aggregate: [ { rolling: " + statistic + ", of: Amount, by: CustomerID, " + window + ", as: rolling } ]"),
      1250);
}
BENCHMARK_CAPTURE(rolling, count, "count", "last: 20");
BENCHMARK_CAPTURE(rolling, mean_of_20, "mean", "last: 20");
BENCHMARK_CAPTURE(rolling, mean_of_1000, "mean", "last: 1000");
BENCHMARK_CAPTURE(rolling, max_of_20, "max", "last: 20");
BENCHMARK_CAPTURE(rolling, stddev_of_20, "stddev", "last: 20");
BENCHMARK_CAPTURE(rolling, mean_over_time, "mean", "over: 60s");

/// Records on their way into windows that stay open.
void made_records(benchmark::State& state, const std::string& window) {
  run(state,
      plan_of("aggregate: [ { " + window + ", by: CustomerID, aggregates: { n: count(), total: sum(Amount) } } ]"),
      1250);
}
BENCHMARK_CAPTURE(made_records, tumbling, "tumbling: 1h");
BENCHMARK_CAPTURE(made_records, hopping, "hopping: 1h, every: 1m");
BENCHMARK_CAPTURE(made_records, session, "session: 1h");

void cluster_mean_over_time(benchmark::State& state) {
  core::layout columns;
  columns.add({"CustomerID", core::column_type::string, true});
  const auto of = columns.add({"Amount", core::column_type::float64, true});
  core::pane_collector panes{{{"mean", &steps::mean.statistic, of, {}, {60'000, 0, 60}}}, columns, 4};
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
  const auto plan = plan_of(reference_job);
  std::mt19937 random{1};
  const auto batch = make_batch(random, 1250);
  const auto lane = plan.make_operators().front().front();
  std::size_t keys = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto b = batch;
    lane->process(b);
    state.ResumeTiming();
    core::record_block changes;
    lane->collect_changes(changes);
    keys += lane->counts().keys;
  }
  count_records(state, keys);
}
BENCHMARK(collecting_changes);

} // namespace

BENCHMARK_MAIN();
