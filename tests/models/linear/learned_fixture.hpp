#pragma once

#include "models/training_data.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace weir::models::test {

/// The parts of a text between separators.
inline std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> made;
  std::stringstream in{text};
  for (std::string part; std::getline(in, part, separator);)
    made.push_back(part);
  return made;
}

inline std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/linear/" + name};
  EXPECT_TRUE(file) << name;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return parts_of(bytes.str(), '\n');
}

/// The columns of table.csv, by their names.
inline std::map<std::string, std::vector<double>> read_table() {
  const auto lines = lines_of("table.csv");
  const auto names = parts_of(lines.front(), ',');
  std::map<std::string, std::vector<double>> made;
  for (std::size_t r = 1; r < lines.size(); ++r) {
    const auto fields = parts_of(lines[r], ',');
    for (std::size_t c = 0; c < names.size(); ++c)
      made[names[c]].push_back(std::stod(fields[c]));
  }
  return made;
}

/// Some of that table to learn from.
struct excerpt {
  std::vector<std::string> features; ///< `0` is x0
  std::size_t rows = 60;
  bool is_weighted = false;
  std::string target = "y"; ///< or `two` or `three`: classes
};

inline training_data read_excerpt(const excerpt& wanted) {
  const auto table = read_table();
  const auto top = [&](const std::string& name) {
    const auto& all = table.at(name);
    return std::vector<double>{all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted.rows)};
  };
  training_data made;
  for (const auto& feature : wanted.features)
    made.features.push_back(top("x" + feature));
  made.target = top(wanted.target);
  if (wanted.is_weighted)
    made.weights = top("weight");
  if (wanted.target != "y") {
    std::vector<std::int64_t> labels(wanted.target == "two" ? 2 : 3);
    std::iota(labels.begin(), labels.end(), 0);
    made.labels = std::make_shared<const class_labels>(std::move(labels));
  }
  return made;
}

} // namespace weir::models::test
