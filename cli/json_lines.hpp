#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <fstream>
#include <string>

#include <simdjson.h>

namespace weir::cli {

/// Calls `take` with each line of a file, parsed. An error names file and line: one that is no JSON is no `what`, and
/// what `take` says is wrong with it. A file that is not there has no lines.
/// @param take from the parsed line to a text, empty: it is right
template <class F>
core::result<void> for_each_json_line(const std::string& path, const std::string& what, F take) {
  std::ifstream file{path};
  simdjson::dom::parser parser;
  std::string line;
  for (std::uint64_t number = 1; std::getline(file, line); ++number) {
    simdjson::dom::element value;
    const bool is_json = parser.parse(line).get(value) == simdjson::SUCCESS;
    if (const std::string wrong = is_json ? take(value) : "this is no " + what; !wrong.empty())
      return core::fail(wrong, path + ":" + std::to_string(number));
  }
  return {};
}

} // namespace weir::cli
