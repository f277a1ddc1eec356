#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace weir::test {

/// The parts of a text between separators, empty ones too.
inline std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> made(1);
  for (const auto c : text)
    if (c == separator)
      made.emplace_back();
    else
      made.back() += c;
  return made;
}

/// The lines of a file of tests/data/online, cut into their fields.
inline std::vector<std::vector<std::string>> read_stream(const std::string& name, char separator = ',') {
  std::ifstream file{std::string{WEIR_SOURCE_DIR} + "/tests/data/online/" + name};
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<std::string>> made;
  for (std::string line; std::getline(file, line);)
    made.push_back(parts_of(line, separator));
  return made;
}

} // namespace weir::test
