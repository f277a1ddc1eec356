#pragma once

#include "config/parse.hpp"
#include "io/kinds.hpp"

#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::config::test {

/// A file of tests/data.
inline std::string data_file(const std::string& name) {
  std::ifstream in{std::string{WEIR_SOURCE_DIR} + "/tests/data/" + name};
  EXPECT_TRUE(in) << name;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Parses texts as `p.yaml`, with an environment of its own.
class pipeline_fixture : public ::testing::Test {
protected:
  /// What `yaml` parses to; fails the test with the diagnostics if it does not.
  pipeline good(const std::string& yaml) {
    auto result = parse_pipeline(yaml, "p.yaml", io::catalogue(), from());
    for (const auto& d : result ? std::vector<diagnostic>{} : result.error())
      ADD_FAILURE() << d.text();
    return result ? *result : pipeline{};
  }

  /// All diagnostics of `yaml`, a line each; empty if there is none.
  std::string errors(const std::string& yaml) {
    auto result = parse_pipeline(yaml, "p.yaml", io::catalogue(), from());
    std::string text;
    for (const auto& d : result ? std::vector<diagnostic>{} : result.error())
      text += d.text() + "\n";
    return text;
  }

  environment from() {
    auto look_up = [](const std::map<std::string, std::string>* in) {
      return [in](const std::string& name) -> std::optional<std::string> {
        auto found = in->find(name);
        return found == in->end() ? std::nullopt : std::optional{found->second};
      };
    };
    return {look_up(&variables), look_up(&files)};
  }

  std::map<std::string, std::string> variables{{"SECRET", "hunter2"}, {"EMPTY", ""}};
  std::map<std::string, std::string> files{{"/run/secret", "hunter3\n"}};
};

} // namespace weir::config::test
