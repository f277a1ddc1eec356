// What models cost: training, loading and scoring. One line of JSON a task. Run: build/release/bench/models_bench ROWS
// FILE FILE gets the rows that were learned from (double: the features of a row and its target), so that peers can
// learn from the same: bench/peers/models_peers.py.

#include "models/kinds/model_kind.hpp"
#include "models/model.hpp"
#include "models/online/adaptive_random_forest.hpp"
#include "models/online/hoeffding_regressor.hpp"
#include "models/online/hoeffding_tree.hpp"
#include "models/online/sgd.hpp"
#include "models/onnx/reader.hpp"
#include "models/trees/boosting.hpp"
#include "models/trees/forest_trainer.hpp"
#include "models/trees/isolation_forest.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace weir::models;

constexpr std::size_t features = 9;

training_data make_rows(std::size_t rows) {
  std::mt19937_64 random{1};
  std::normal_distribution<double> normal;
  training_data made;
  made.features.resize(features);
  for (std::size_t r = 0; r < rows; ++r) {
    double y = normal(random) / 2;
    for (std::size_t f = 0; f < features; ++f) {
      const auto x = f < 4 ? normal(random) : std::floor(std::abs(normal(random)) * 10);
      made.features[f].push_back(static_cast<double>(static_cast<float>(x)));
      y += f < 4 ? std::sin(x * static_cast<double>(f + 1)) : x / 20;
    }
    made.target.push_back(y);
  }
  return made;
}

void write(const training_data& data, const char* path) {
  auto* file = std::fopen(path, "wb");
  if (file == nullptr)
    std::exit(1);
  std::vector<double> row(features + 1);
  for (std::size_t r = 0; r < data.rows(); ++r) {
    for (std::size_t f = 0; f < features; ++f)
      row[f] = data.features[f][r];
    row[features] = data.target[r];
    std::fwrite(row.data(), sizeof(double), row.size(), file);
  }
  std::fclose(file);
}

double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void say(const char* task, double value, const char* unit) {
  std::printf("{\"task\": \"%s\", \"value\": %g, \"unit\": \"%s\"}\n", task, value, unit);
  std::fflush(stdout);
}

/// Nanoseconds a row, in blocks of so many.
double score(const model& m, const training_data& data, std::size_t block) {
  std::vector<std::vector<float>> columns;
  for (const auto& feature : data.features)
    columns.emplace_back(feature.begin(), feature.end());
  std::vector<const void*> at(features), out(m.columns());
  std::size_t rows = 0;
  const auto seconds = seconds_of([&] {
    for (std::size_t begin = 0; begin + block <= std::min<std::size_t>(data.rows(), 20'000); begin += block) {
      for (std::size_t f = 0; f < features; ++f)
        at[f] = columns[f].data() + begin;
      m.predict(at.data(), block, out.data());
      rows += block;
    }
  });
  return seconds / static_cast<double>(rows) * 1e9;
}

training_data first_rows(const training_data& of, std::size_t rows) {
  training_data made;
  for (const auto& feature : of.features)
    made.features.emplace_back(feature.begin(), feature.begin() + static_cast<std::ptrdiff_t>(rows));
  made.target.assign(of.target.begin(), of.target.begin() + static_cast<std::ptrdiff_t>(rows));
  return made;
}

void measure_forest(const training_data& data) {
  say("train a forest of 100 x depth 10, two threads",
      seconds_of([&] { static_cast<void>(train_forest(data, {.max_depth = 10, .threads = 2})); }), "s");
  const auto file = kinds::random_forest
                        .train(first_rows(data, std::min<std::size_t>(data.rows(), 200'000)), 1, {{"max_depth", "10"}})
                        ->file;
  model_ptr loaded;
  say("load that forest", seconds_of([&] { loaded = *read_onnx(file); }) * 1e3, "ms");
  for (const std::size_t block : {1, 64, 1000})
    say(("score that forest, blocks of " + std::to_string(block)).c_str(), score(*loaded, data, block), "ns/row");
}

void measure_boosting(const training_data& data) {
  say("train boosting of 100 x 31 leaves, one thread",
      seconds_of([&] { static_cast<void>(train_boosting(data, {.threads = 1})); }), "s");
  const auto few = first_rows(data, std::min<std::size_t>(data.rows(), 50'000));
  const auto file =
      kinds::gradient_boosting.train(few, 1, {{"max_iter", "500"}, {"max_depth", "6"}, {"max_leaf_nodes", "0"}})->file;
  const auto loaded = *read_onnx(file);
  say("score boosting of 500 x depth 6, blocks of 1000", score(*loaded, data, 1000), "ns/row");
}

void measure_isolation(const training_data& data) {
  const auto rows = first_rows(data, std::min<std::size_t>(data.rows(), 49'097)); // as many as the shuttle set has
  say("fit an isolation forest of 100 x 256 and score 49,097 rows", seconds_of([&] {
        const auto loaded = *read_onnx(kinds::isolation_forest.train(rows, 1, {})->file);
        static_cast<void>(score(*loaded, rows, 1000));
        static_cast<void>(score(*loaded, rows, 1000)); // it stops at 20,000: 2.5 times as many
        static_cast<void>(score(*loaded, first_rows(rows, std::min<std::size_t>(rows.rows(), 9'000)), 1000));
      }),
      "s");
}

/// Nanoseconds a row to predict and then to learn, of 20,000.
double learn_on(const online::learner& by, const training_data& data) {
  const auto rows = std::min<std::size_t>(data.rows(), 20'000);
  std::vector<double> inputs, truth, predicted(rows), probabilities(rows), scratch(by.scratch_size());
  std::vector<std::string_view> labels, chosen(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    for (const auto& feature : data.features)
      inputs.push_back(feature[r]);
    truth.push_back(data.target[r]);
    labels.push_back(data.target[r] > 1 ? "above" : "below");
  }
  const std::unique_ptr<std::byte[]> state{new std::byte[by.most_size()]{}};
  return seconds_of([&] {
           static_cast<void>(by.run({state.get(), by.most_size()}, {.rows = rows,
                                                                    .inputs = inputs.data(),
                                                                    .truth = truth.data(),
                                                                    .labels = labels.data(),
                                                                    .predicted = predicted.data(),
                                                                    .chosen = chosen.data(),
                                                                    .probabilities = probabilities.data(),
                                                                    .scratch = scratch.data()}));
         })
         / static_cast<double>(rows) * 1e9;
}

void measure_learning_on(const training_data& data) {
  const auto two = [] { return online::class_list{{"below", "above"}}; };
  say("predict and learn on, sgd_regressor", learn_on(*online::sgd_regressor(features, true, {}, {}), data), "ns/row");
  say("predict and learn on, sgd_classifier",
      learn_on(*online::sgd_classifier(features, true, two(), online::classification_loss::log_loss, {}), data),
      "ns/row");
  say("predict and learn on, hoeffding_tree_classifier",
      learn_on(*online::hoeffding_tree_classifier(features, two(), {}), data), "ns/row");
  say("predict and learn on, hoeffding_tree_regressor",
      learn_on(*online::hoeffding_tree_regressor(features, true, {}), data), "ns/row");
  say("predict and learn on, adaptive_random_forest_classifier",
      learn_on(*online::adaptive_random_forest_classifier(features, two(), {}, online::tree_of_forest), data),
      "ns/row");
  say("predict and learn on, adaptive_random_forest_regressor",
      learn_on(*online::adaptive_random_forest_regressor(features, true, {}, online::forest_aggregation::median,
                                                         online::regression_tree_of_forest),
               data),
      "ns/row");
}

} // namespace

int main(int argc, char** argv) {
  const auto rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const auto data = make_rows(rows);
  if (argc > 2)
    write(data, argv[2]);
  measure_forest(data);
  measure_boosting(data);
  measure_isolation(data);
  measure_learning_on(data);
  return 0;
}
