#pragma once

#include "models/kinds/model_kind.hpp"
#include "models/training_data.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <ostream>
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

/// @param name of a file under tests/data
inline std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/" + name};
  EXPECT_TRUE(file) << name;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return parts_of(bytes.str(), '\n');
}

/// The columns of table.csv, by their names.
inline std::map<std::string, std::vector<double>> read_table() {
  const auto lines = lines_of("linear/table.csv");
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

/// A line of linear/learned.csv or kernel/decisions.csv, as tests/oracles/linear_oracle.py and kernel_oracle.py say.
struct learned {
  std::string kind;
  option_texts options;
  excerpt from;
  std::vector<double> numbers;
};

inline void PrintTo(const learned& line, std::ostream* to) {
  *to << line.kind;
}

inline std::vector<learned> read_learned(const std::string& name) {
  std::vector<learned> made;
  for (const auto& line : lines_of(name)) {
    const auto fields = parts_of(line, ',');
    auto& one = made.emplace_back();
    one.kind = fields[0];
    for (const auto& option : parts_of(fields[1], ' '))
      one.options[option.substr(0, option.find('='))] = option.substr(option.find('=') + 1);
    one.from = {parts_of(fields[2], ' '), std::stoul(fields[3]), fields[4] == "1", fields[5]};
    for (const auto& number : parts_of(fields[6], ' '))
      one.numbers.push_back(std::stod(number));
  }
  return made;
}

template <class Settings>
Settings settings_of(const learned& from) {
  Settings made;
  const auto kind = *find_trained_kind(from.kind);
  const auto read = detail::read_options(from.options, kind->options, &made);
  EXPECT_TRUE(read) << read.error().text();
  return made;
}

inline const auto name_of_line = [](const auto& line) { return std::to_string(line.index) + "_" + line.param.kind; };

} // namespace weir::models::test
