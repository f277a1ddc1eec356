// Whatever the bytes: a model file is refused with a word, or makes a model that says what its trees say.

#include "models/forest.hpp"
#include "models/model.hpp"
#include "models/onnx/reader.hpp"
#include "models/tree_model.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace weir;

namespace {

constexpr std::size_t rows = 5;
constexpr std::size_t most_features = 1000;
constexpr std::array<float, rows> values{0, -1.5f, 6, std::numeric_limits<float>::infinity(),
                                         std::numeric_limits<float>::quiet_NaN()};

/// The sums of the leaves that a row of equal features reaches, tree by tree.
std::vector<double> walk(const models::tree_ensemble& ensemble, float value) {
  std::vector<double> sums(ensemble.outputs);
  for (const auto& tree : ensemble.trees) {
    const auto* node = &tree[0];
    while (!node->is_leaf()) {
      const bool left = std::isnan(value) ? node->missing_goes_left : value <= node->threshold;
      node = &tree[left ? node->left : node->right];
    }
    for (std::size_t k = 0; k < sums.size(); ++k)
      sums[k] += static_cast<double>(ensemble.leaf_values[node->leaf * ensemble.outputs + k]);
  }
  return sums;
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

void compare(const models::tree_ensemble& ensemble, const std::vector<float>& columns) {
  const auto trees = models::forest::make(ensemble);
  if (!trees)
    return;
  const auto outputs = ensemble.outputs;
  std::vector<double> sums(rows * outputs);
  trees->predict(columns.data(), rows, rows, sums.data());
  for (std::size_t r = 0; r < rows; ++r) {
    const auto plain = walk(ensemble, values[r]);
    for (std::size_t k = 0; k < outputs; ++k)
      fuzz::require(same(sums[r * outputs + k], plain[k]), "the forest says something else than its trees");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = models::read_onnx({reinterpret_cast<const char*>(data), size});
  if (!read) {
    fuzz::require(!read.error().what.empty(), "refused without a word");
    return 0;
  }
  const auto& definition = **read;
  if (definition.features() > most_features)
    return 0;
  std::vector<float> columns;
  for (std::size_t f = 0; f < std::max<std::size_t>(definition.features(), 1); ++f)
    columns.insert(columns.end(), values.begin(), values.end());
  if (const auto* trees = dynamic_cast<const models::tree_model*>(&definition))
    compare(trees->ensemble, columns);
  const auto classes = definition.classes();
  const auto made = definition.make_model("fuzzed");
  if (!made)
    return 0;
  std::array<double, rows> predictions{};
  std::array<double, rows> probabilities{};
  (*made)->predict(columns.data(), rows, rows, predictions.data(), probabilities.data());
  for (const auto p : predictions)
    fuzz::require(!(*made)->is_classifier() || (p >= 0 && p < static_cast<double>(classes)), "there is no such class");
  return 0;
}
