#pragma once

#include "models/kinds/model_kind.hpp"
#include "models/model.hpp"
#include "models/onnx/reader.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace weir::models {

/// Small models and what scikit-learn predicts with them, as tests/oracles/models_oracle.py wrote them.
class model_fixture : public testing::Test {
protected:
  static std::string path_of(const std::string& name) { return WEIR_SOURCE_DIR "/tests/data/models/" + name; }

  static std::string bytes_of(const std::string& name) {
    std::ifstream file{path_of(name), std::ios::binary};
    std::stringstream bytes;
    bytes << file.rdbuf();
    EXPECT_TRUE(file) << name;
    return bytes.str();
  }

  static std::vector<std::vector<std::string>> table(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    std::stringstream lines{bytes_of(name)};
    for (std::string line; std::getline(lines, line);) {
      rows.emplace_back();
      std::stringstream fields{line};
      for (std::string field; std::getline(fields, field, ',');)
        rows.back().push_back(field);
    }
    return rows;
  }

  static model_ptr load(const std::string& name) {
    auto loaded = model::load(path_of(name));
    EXPECT_TRUE(loaded) << loaded.error().text();
    return *loaded;
  }

  /// A forest of four features, as a file that names them.
  static std::string forest_file(std::vector<std::string> names) {
    training_data data{{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {0, 1, 0}}, {1, 2, 3}, std::move(names)};
    return kinds::random_forest.train(data, 1, {{"n_estimators", "2"}})->file;
  }

  /// The first `features` fields of each row, feature by feature.
  static std::vector<float> columns_of(const std::vector<std::vector<std::string>>& rows, std::size_t features) {
    std::vector<float> columns;
    for (std::size_t f = 0; f < features; ++f)
      for (const auto& row : rows)
        columns.push_back(std::stof(row[f]));
    return columns;
  }
};

} // namespace weir::models
