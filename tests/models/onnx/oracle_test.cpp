#include "models/model.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace weir::models {
namespace {

const std::filesystem::path folder = WEIR_SOURCE_DIR "/tests/data/onnx";

/// A file of tests/oracles/onnx_oracle.py: rows of features, and what the model's own library makes of them.
struct oracle {
  double tolerance = 0;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::stringstream in{line};
  for (std::string field; std::getline(in, field, ',');)
    fields.push_back(field);
  return fields;
}

oracle read(const std::string& name) {
  std::ifstream file{folder / (name + ".csv")};
  oracle made;
  std::string line;
  std::getline(file, line);
  made.tolerance = std::stod(line.substr(2));
  std::getline(file, line);
  made.columns = fields_of(line);
  while (std::getline(file, line))
    made.rows.push_back(fields_of(line));
  return made;
}

std::vector<std::string> names() {
  std::vector<std::string> made;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == ".onnx")
      made.push_back(entry.path().stem().string());
  std::sort(made.begin(), made.end());
  return made;
}

bool is_near(double made, double expected, double tolerance) {
  return std::abs(made - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

class onnx_oracle_test : public testing::TestWithParam<std::string> {};

TEST_P(onnx_oracle_test, predicts_what_the_library_that_trained_it_predicts) {
  const auto oracle = read(GetParam());
  const auto loaded = model::load((folder / (GetParam() + ".onnx")).string());
  ASSERT_TRUE(loaded) << loaded.error().text();
  const auto& m = **loaded;
  const auto features = m.meaning().features.size();
  const auto scored = test::score(m, oracle.rows);
  const auto first = m.first_column(m.meaning().prediction);
  ASSERT_GT(oracle.rows.size(), 20u);
  ASSERT_EQ(oracle.columns.at(features).find("=prediction"), 0u);
  const auto is_text = m.prediction().type == element::text;
  for (std::size_t c = features; c < oracle.columns.size(); ++c) {
    const auto& name = oracle.columns[c];
    const auto is_prediction = name.starts_with("=prediction");
    std::size_t from = first + (c - features);
    if (!is_prediction) {
      ASSERT_TRUE(m.meaning().probabilities) << "the probability of " << name;
      from = m.first_column(*m.meaning().probabilities) + (c - features - 1);
    }
    for (std::size_t r = 0; r < oracle.rows.size(); ++r) {
      const auto& expected = oracle.rows[r].at(c);
      if (is_prediction && is_text)
        EXPECT_EQ(scored.texts[from][r], expected) << "row " << r;
      else
        EXPECT_TRUE(is_near(scored.numbers[from][r], std::stod(expected), oracle.tolerance))
            << name << " of row " << r << " is " << scored.numbers[from][r] << ", not " << expected;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(models, onnx_oracle_test, testing::ValuesIn(names()),
                         [](const auto& name) { return name.param; });

} // namespace
} // namespace weir::models
