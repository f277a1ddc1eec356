#pragma once

#include "config/diagnostic.hpp"
#include "config/yaml_document.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace weir::cli {

/// A record that a case sends.
struct test_record {
  const config::yaml_node* from = nullptr; ///< a mapping of fields, or the text as it comes in
  std::string line;                        ///< of a file, where `from` is null
};

/// One case of a test file: records that come in, and what is expected of the pipeline.
struct test_case {
  std::string name;
  config::position at;
  std::vector<test_record> input;
  std::int64_t time = 0;                              ///< of the first record, ms since the epoch
  std::chrono::milliseconds interval{1000};           ///< from one record to the next
  const config::yaml_node* expected_output = nullptr; ///< these are null where the case says nothing of it
  const config::yaml_node* expected_dead_letters = nullptr;
  const config::yaml_node* expected_alerts = nullptr;
  const config::yaml_node* expected_aggregates = nullptr;
  std::optional<std::uint64_t> filtered;
  double tolerance = 1e-9; ///< of numbers, relative to them, and of what lies near 0 as such
  bool expects = false;    ///< whether it expects anything at all
  config::position end;    ///< where the next case begins, for what is recorded; line 0: at the end of the file
};

/// A file of cases for one pipeline.
struct test_file {
  std::string path;
  std::string text;
  std::string pipeline;                           ///< its path, from this file's folder
  std::map<std::string, std::string> environment; ///< for `${...}` in the pipeline, in front of the process's
  std::vector<test_case> cases;
  std::shared_ptr<const config::yaml_document> document; ///< what the cases point into
};

/// Reads and checks a test file. All that is wrong is reported, by position.
tl::expected<test_file, std::vector<config::diagnostic>> read_test_file(const std::string& path);

} // namespace weir::cli
