#pragma once

#include "core/batch/batch.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace weir::fuzz {

/// Ends the process, so that the fuzzer keeps the input.
inline void require(bool holds, std::string_view what) {
  if (!holds) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
  }
}

/// A block of the lines of `text`, without keys.
inline core::raw_block_ptr block_of_lines(std::string_view text) {
  auto block = std::make_shared<core::raw_block>();
  for (std::int64_t at = 0;; ++at) {
    const auto line = text.substr(0, text.find('\n'));
    block->append(at, 0, nullptr, 0, line.data(), line.size());
    if (line.size() == text.size())
      break;
    text.remove_prefix(line.size() + 1);
  }
  block->seal();
  return block;
}

} // namespace weir::fuzz
