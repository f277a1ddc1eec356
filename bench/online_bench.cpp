// What models cost that learn on: `online_bench`. Each iteration is one batch of 4,096 records of 9 numbers with their
// truth, predicted and learned from; `ns_record` is the figure. The step's includes checks, columns and the lane's
// state.

#include "config/compile.hpp"
#include "config/parse.hpp"
#include "io/kinds.hpp"
#include "models/online/sgd.hpp"

#include <random>
#include <string>

#include <benchmark/benchmark.h>

namespace {

using namespace weir;

constexpr std::size_t records = 4096;
constexpr std::size_t inputs = 9;

constexpr const char* head = R"(
name: bench
source: { file: in }
sink: console
schema: { a: double, b: double, c: double, d: double, e: double, f: double, g: double, h: double, i: double, y: double, is: bool, kind: string, k: string }
infer: [ { )";
constexpr const char* columns = ", inputs: [a, b, c, d, e, f, g, h, i], as: said ";

config::lane_plan plan_of(const std::string& step) {
  const auto pipeline = config::parse_pipeline(head + step + columns + "} ]\n", "bench.yaml", io::catalogue(),
                                               config::environment::of_process());
  auto plan = pipeline ? config::compile(*pipeline) : tl::unexpected{pipeline.error()};
  if (!plan)
    throw std::runtime_error{plan.error().front().text()};
  return *plan;
}

core::batch make_batch(const core::layout& layout, std::mt19937& random) {
  std::normal_distribution<double> normal;
  const auto at = [&](const char* name) { return *layout.find(name); };
  const auto made = [&](core::column_type type) {
    auto values = std::make_shared<core::column>();
    values->type = type;
    return values;
  };
  core::batch b;
  auto raw = std::make_shared<core::raw_block>();
  b.columns.resize(layout.size());
  std::vector<std::shared_ptr<core::column>> numbers;
  for (std::size_t i = 0; i < inputs; ++i)
    numbers.push_back(made(core::column_type::float64));
  auto truth = made(core::column_type::float64);
  auto is = made(core::column_type::boolean);
  auto kind = made(core::column_type::string);
  auto key = made(core::column_type::string);
  static const std::array<std::string, 4> kinds{"car", "cat", "dog", "house"};
  static const auto keys = [] {
    std::vector<std::string> texts;
    for (int i = 0; i < 1250; ++i)
      texts.push_back("customer " + std::to_string(i));
    return texts;
  }();
  for (std::size_t r = 0; r < records; ++r) {
    raw->append(static_cast<std::int64_t>(r), 0, nullptr, 0, "", 0);
    double sum = normal(random);
    for (std::size_t i = 0; i < inputs; ++i) {
      numbers[i]->f64.push_back(normal(random) * static_cast<double>(1 + i) + 100);
      sum += static_cast<double>(i) * numbers[i]->f64.back();
    }
    truth->f64.push_back(sum);
    is->i64.push_back(sum > 3600 ? 1 : 0);
    kind->text.push_back(kinds[static_cast<std::size_t>(std::abs(sum)) / 100 % kinds.size()]);
    key->text.push_back(keys[random() % keys.size()]);
    b.rows.push_back(static_cast<core::row_index>(r));
  }
  raw->seal();
  b.raw = std::move(raw);
  for (std::size_t i = 0; i < inputs; ++i)
    b.columns[at(std::string(1, static_cast<char>('a' + i)).c_str())] = numbers[i];
  b.columns[at("y")] = truth;
  b.columns[at("is")] = is;
  b.columns[at("kind")] = kind;
  b.columns[at("k")] = key;
  return b;
}

void step(benchmark::State& state, const std::string& text) {
  const auto plan = plan_of(text);
  const auto lane = plan.make_operators().front();
  std::mt19937 random{1};
  std::vector<core::batch> batches;
  for (int i = 0; i < 8; ++i)
    batches.push_back(make_batch(*plan.columns, random));
  std::size_t done = 0;
  for (auto _ : state) {
    auto b = batches[done++ % batches.size()];
    lane.front()->process(b);
    benchmark::DoNotOptimize(b.columns.data());
  }
  state.counters["ns_record"] = benchmark::Counter(static_cast<double>(done * records) / 1e9,
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(step, sgd_regressor, "sgd_regressor: y");
BENCHMARK_CAPTURE(step, sgd_regressor_without_scaler, "sgd_regressor: y, learning_rate: 1e-7, standardize: false");
BENCHMARK_CAPTURE(step, sgd_regressor_l1, "sgd_regressor: y, l1: 0.01");
BENCHMARK_CAPTURE(step, sgd_regressor_by_key, "sgd_regressor: y, by: k");
BENCHMARK_CAPTURE(step, sgd_classifier, "sgd_classifier: is");
BENCHMARK_CAPTURE(step, sgd_classifier_of_four_classes, "sgd_classifier: kind");
BENCHMARK_CAPTURE(step, passive_aggressive_regressor, "passive_aggressive_regressor: y");
BENCHMARK_CAPTURE(step, recursive_least_squares, "recursive_least_squares: y");
BENCHMARK_CAPTURE(step, kernel_recursive_least_squares, "kernel_recursive_least_squares: y");
BENCHMARK_CAPTURE(step, gaussian_nb, "gaussian_nb: is");
BENCHMARK_CAPTURE(step, hoeffding_tree_classifier, "hoeffding_tree_classifier: is");
BENCHMARK_CAPTURE(step, hoeffding_tree_regressor, "hoeffding_tree_regressor: y");
BENCHMARK_CAPTURE(step, adaptive_random_forest_classifier, "adaptive_random_forest_classifier: is");
BENCHMARK_CAPTURE(step, adaptive_random_forest_regressor, "adaptive_random_forest_regressor: y");

/// A learner alone, over rows that are gathered.
void learner(benchmark::State& state, const models::online::learner_ptr& of) {
  std::mt19937 random{1};
  std::normal_distribution<double> normal;
  std::vector<double> rows, truth;
  std::vector<std::string_view> labels, chosen(records);
  std::vector<double> predicted(records), probabilities(records), scratch(of->scratch_size());
  for (std::size_t r = 0; r < records; ++r) {
    double sum = normal(random);
    for (std::size_t i = 0; i < inputs; ++i) {
      rows.push_back(normal(random) * static_cast<double>(1 + i) + 100);
      sum += static_cast<double>(i) * rows.back();
    }
    truth.push_back(sum);
    labels.push_back(sum > 3600 ? "yes" : "no");
  }
  const std::unique_ptr<std::byte[]> bytes{new std::byte[of->most_size()]{}};
  std::size_t done = 0;
  for (auto _ : state) {
    done += of->run({bytes.get(), of->most_size()}, {.rows = records,
                                                     .inputs = rows.data(),
                                                     .truth = truth.data(),
                                                     .labels = labels.data(),
                                                     .predicted = predicted.data(),
                                                     .chosen = chosen.data(),
                                                     .probabilities = probabilities.data(),
                                                     .scratch = scratch.data()})
                .rows;
  }
  state.counters["ns_record"] =
      benchmark::Counter(static_cast<double>(done) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(learner, sgd_regressor, models::online::sgd_regressor(inputs, true, {}, {}));
BENCHMARK_CAPTURE(learner, sgd_classifier,
                  models::online::sgd_classifier(inputs, true, models::online::class_list{{"no", "yes"}},
                                                 models::online::classification_loss::log_loss, {}));

} // namespace

BENCHMARK_MAIN();
